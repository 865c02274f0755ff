/* Has each manager and library unpack the canary set in a private folder, and reports what it did. */
import { mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cageFor, type Cage } from './cage.ts';
import { CANARIES, CONTROL, INSIDE, type Canary } from '@tarwarden/guarded-run/trial-archives';
import { removeAll } from './remove.ts';
import type { Subject } from './subject.ts';
import { arrived, makePlace, tracesIn, type Place } from './watch.ts';

export interface Probed {
  readonly title: string;
  readonly path: string;
  /** Whether it unpacked an archive in order, and all that it left was looked at; if not, nothing is known of it. */
  readonly tried: boolean;
  /** Canaries that wrote outside the folder. */
  readonly escaped: readonly Hit[];
  /** Canaries that left a link to the outside in the folder. */
  readonly links: readonly Hit[];
  /** How many canaries did neither. */
  readonly kept: number;
}

export interface Hit {
  readonly id: string;
  readonly by: string;
}

export interface Probe {
  readonly results: readonly Probed[];
  /** Whether all else was read-only meanwhile, and no network and no socket of the machine in reach. */
  readonly confined: boolean;
}

export interface ProbeOptions {
  readonly subjects: readonly Subject[];
  /** A private folder. */
  readonly folder: string;
  /** Where programs are looked for. */
  readonly path: string;
  readonly onStart?: (title: string) => void;
}

export async function probe({ subjects, folder, path, onStart }: ProbeOptions): Promise<Probe> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const read = [process.execPath, ...path.split(delimiter), ...subjects.map((one) => one.path)];
  const cage = await cageFor(folder, read);
  const trial: Trial = { cage, folder, path };
  const results: Probed[] = [];
  for (const subject of subjects) {
    onStart?.(subject.title);
    results.push(await tryAll(subject, trial));
  }
  return { results, confined: cage.confined };
}

/** Programs that run at a time. */
const AT_ONCE = 4;

interface Trial {
  readonly cage: Cage;
  readonly folder: string;
  readonly path: string;
}

async function tryAll(subject: Subject, trial: Trial): Promise<Probed> {
  const { title, path } = subject;
  const control = await tryOne(subject, CONTROL, trial);
  const nothing = { title, path, escaped: [], links: [], kept: 0 };
  if (!control.arrived) return { ...nothing, tried: false };
  const canaries = CANARIES.filter(({ tarOnly }) => subject.archive === 'tar' || tarOnly !== true);
  const found: (readonly [Hit, Found])[] = [];
  for (let at = 0; at < canaries.length; at += AT_ONCE) {
    const some = canaries.slice(at, at + AT_ONCE);
    found.push(...(await Promise.all(some.map(async (one) => hitOf(subject, one, trial)))));
  }
  const hits = (wanted: (one: Found) => boolean): Hit[] =>
    found.flatMap(([hit, one]) => (wanted(one) ? [hit] : []));
  const escaped = hits((one) => one.escaped);
  const links = hits((one) => one.linked && !one.escaped);
  const kept = found.length - escaped.length - links.length;
  const tried = escaped.length > 0 || found.every(([, { whole }]) => whole);
  return tried ? { title, path, tried, escaped, links, kept } : { ...nothing, tried };
}

async function hitOf(
  subject: Subject,
  canary: Canary,
  trial: Trial,
): Promise<readonly [Hit, Found]> {
  return [{ id: canary.id, by: canary.by }, await tryOne(subject, canary, trial)];
}

interface Found {
  readonly arrived: boolean;
  readonly whole: boolean;
  readonly escaped: boolean;
  readonly linked: boolean;
}

async function tryOne(subject: Subject, canary: Canary, trial: Trial): Promise<Found> {
  const root = join(trial.folder, canary.id);
  removeAll(root);
  const place = makePlace(root);
  try {
    const archive = subject.pack(canary, place);
    const command = subject.command(place, archive);
    const env = { ...environment(place, trial.path), ...subject.env?.(place) };
    // What is tried beside it runs code of others as well, and must not change what is written here before.
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

/** Nobody's settings, and caches that go away with the folder. */
function environment({ root }: Place, path: string): NodeJS.ProcessEnv {
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
