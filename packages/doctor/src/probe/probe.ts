/* Makes each manager and library unpack the canaries in a private folder, and reports the results. */
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cageFor, type Cage } from './cage.ts';
import { CANARIES, CONTROL, INSIDE, type Canary } from '@tarwarden/guarded-run/trial-archives';
import { removeAll } from './remove.ts';
import type { ProbeSubject } from './subject.ts';
import { arrived, makeCanaryFolders, tracesIn, type CanaryFolders } from './watch.ts';

export interface Probed {
  readonly title: string;
  readonly path: string;
  /** Whether it unpacked the harmless archive, and all resulting files could be listed. If not, nothing is known about it. */
  readonly tried: boolean;
  /** Canaries that wrote outside the folder. */
  readonly escaped: readonly Hit[];
  /** Canaries that left a link in the folder that leads outside. */
  readonly links: readonly Hit[];
  /** The number of other canaries. */
  readonly kept: number;
}

export interface Hit {
  readonly id: string;
  readonly by: string;
}

export interface ProbeReport {
  readonly results: readonly Probed[];
  /** Whether everything else was read-only, and neither the network nor a socket of the machine was in reach. */
  readonly confined: boolean;
}

export interface ProbeOptions {
  readonly subjects: readonly ProbeSubject[];
  /** A private folder. */
  readonly folder: string;
  /** The PATH of the programs. */
  readonly path: string;
  readonly onStart?: (title: string) => void;
}

export async function probe({
  subjects,
  folder,
  path,
  onStart,
}: ProbeOptions): Promise<ProbeReport> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const programs = subjects.map((subject) => subject.path);
  const read = [process.execPath, ...path.split(delimiter), ...programs];
  const cage = await cageFor(folder, read);
  const trial: ProbeRun = { cage, folder, path };
  const results: Probed[] = [];
  for (const subject of subjects) {
    onStart?.(subject.title);
    results.push(await tryAll(subject, trial));
  }
  return { results, confined: cage.confined };
}

/** Programs that run at once. */
const AT_ONCE = 4;

interface ProbeRun {
  readonly cage: Cage;
  readonly folder: string;
  readonly path: string;
}

async function tryAll(subject: ProbeSubject, trial: ProbeRun): Promise<Probed> {
  const { title, path } = subject;
  const control = await tryOne(subject, CONTROL, trial);
  const nothing = { title, path, escaped: [], links: [], kept: 0 };
  if (!control.arrived) return { ...nothing, tried: false };
  const canaries = CANARIES.filter(({ tarOnly }) => subject.archive === 'tar' || tarOnly !== true);
  const found: (readonly [Hit, CanaryOutcome])[] = [];
  const attempt = async (canary: Canary): Promise<readonly [Hit, CanaryOutcome]> => {
    const { id, by } = canary;
    return [{ id, by }, await tryOne(subject, canary, trial)];
  };
  for (let at = 0; at < canaries.length; at += AT_ONCE)
    found.push(...(await Promise.all(canaries.slice(at, at + AT_ONCE).map(attempt))));
  const hits = (isWanted: (outcome: CanaryOutcome) => boolean): Hit[] =>
    found.flatMap(([hit, outcome]) => (isWanted(outcome) ? [hit] : []));
  const escaped = hits((outcome) => outcome.escaped);
  const links = hits((outcome) => outcome.linked && !outcome.escaped);
  const kept = found.length - escaped.length - links.length;
  const tried = escaped.length > 0 || found.every(([, { whole }]) => whole);
  return tried ? { title, path, tried, escaped, links, kept } : { ...nothing, tried };
}

interface CanaryOutcome {
  readonly arrived: boolean;
  readonly whole: boolean;
  readonly escaped: boolean;
  readonly linked: boolean;
}

async function tryOne(
  subject: ProbeSubject,
  canary: Canary,
  trial: ProbeRun,
): Promise<CanaryOutcome> {
  const root = join(trial.folder, canary.id);
  removeAll(root);
  const place = makeCanaryFolders(root);
  try {
    const archive = subject.pack(canary, place);
    const command = subject.command(place, archive);
    const env = { ...environment(place, trial.path), ...subject.env?.(place) };
    // Other trials run at the same time, and must not write into this folder.
    await trial.cage.run(command, { cwd: subject.cwd(place), env, root });
    const home = subject.home(place);
    const { escaped, links, whole } = tracesIn(place, home);
    return {
      arrived: arrived(place, INSIDE, home),
      whole,
      escaped: escaped.length > 0,
      linked: links.length > 0,
    };
  } finally {
    removeAll(root);
  }
}

/** Variables without any user's settings. The caches are in the folder, and are removed with it. */
function environment({ root }: CanaryFolders, path: string): NodeJS.ProcessEnv {
  const home = join(root, 'home');
  const store = join(home, 'store');
  return {
    PATH: path,
    HOME: home,
    TMPDIR: root,
    npm_config_cache: join(home, 'npm'),
    npm_config_store_dir: store,
    pnpm_config_store_dir: store,
    YARN_CACHE_FOLDER: join(home, 'yarn'),
    BUN_INSTALL_CACHE_DIR: join(home, 'bun'),
    COREPACK_ENABLE_NETWORK: '0',
  };
}
