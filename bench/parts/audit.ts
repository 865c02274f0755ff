import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { startFileServer } from '../../test/support/file-server.ts';
import { makeSandbox, type Sandbox } from '../../test/support/sandbox.ts';
import {
  bunLock,
  packageLock,
  pnpmLock,
  yarnClassicLock,
  yarnLock,
  type Files,
} from '../audit/lockfiles.ts';
import { offers, type Offer } from '../audit/offers.ts';
import { gemfileLock, goSums, requirements } from '../audit/other-ecosystems.ts';
import { built } from '../built.ts';
import { contest, wallRows, type Contender } from '../contest.ts';
import { measure, type Reading } from '../measure.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

const COUNTS = [50, 200, 500, 1000];
/** Packages of the lockfiles of other kinds. */
const OTHERS = 300;
const REGISTRY = 'from the registry';

/** Whole runs of `tarwarden audit`, as a user starts them, with a registry on the loopback address. */
export async function audit({ rounds }: Context): Promise<Row[]> {
  const all = await offers(Math.max(...COUNTS));
  const server = await startFileServer();
  const sandbox = makeSandbox({ registry: server.url });
  try {
    for (const { path, bytes } of all) server.files.set(path, { body: bytes });
    fillNpmCache(join(sandbox.root, 'filled'), all);
    const bench: Bench = { sandbox, rounds };
    return [
      ...(await byCount(all, server.url, bench)),
      ...(await byKind(all.slice(0, OTHERS), server.url, bench)),
      ...(await ofOthers(bench)),
    ];
  } finally {
    sandbox.dispose();
    await server.close();
  }
}

interface Bench {
  readonly sandbox: Sandbox;
  readonly rounds: number;
}

interface Scene {
  readonly folder: string;
  /** Where verdicts are remembered. */
  readonly verdicts: string;
  readonly forget: boolean;
  /** The source that the audit has to report for all archives. Otherwise the measurement is wrong. */
  readonly from: string;
  readonly env?: NodeJS.ProcessEnv;
}

interface CountScene {
  readonly name: string;
  readonly over?: string;
  readonly count: number;
  readonly run: Scene;
}

/** Time against the number of packages. */
async function byCount(all: readonly Offer[], registry: string, bench: Bench): Promise<Row[]> {
  const { sandbox, rounds } = bench;
  const filled = { npm_config_cache: join(sandbox.root, 'filled') };
  const scenes = COUNTS.flatMap((count): CountScene[] => {
    const folder = project(`${count}`, packageLock(all.slice(0, count), registry), bench);
    const cold = { count, name: `${count}, nothing cached` };
    const over = cold.name;
    const scene = { folder, verdicts: `${count}-scene`, forget: true, from: REGISTRY };
    const cached = { ...scene, env: filled, from: "from npm's cache" };
    const again = {
      ...scene,
      verdicts: `${count}-again`,
      forget: false,
      from: 'remembered from before',
    };
    return [
      { ...cold, run: scene },
      { count, over, name: `${count}, from npm’s cache`, run: cached },
      { count, over, name: `${count}, again`, run: again },
    ];
  });
  // So that there are verdicts to be remembered.
  const first = scenes
    .filter(({ run }) => !run.forget)
    .map(({ run }) => ({ ...run, from: REGISTRY }));
  await Promise.all(first.map(async (scene) => once(scene, bench)));
  const contenders = scenes.map(({ run, ...rest }) => ({
    ...rest,
    run: async () => once(run, bench),
  }));
  const rows = wallRows(
    'package-lock.json, by number of packages',
    contenders,
    await contest(contenders, rounds),
  );
  return rows.map((row, at) => ({ ...row, packages: scenes[at]!.count }));
}

/** The same packages by each kind of lockfile. */
async function byKind(some: readonly Offer[], registry: string, bench: Bench): Promise<Row[]> {
  const first = 'package-lock.json';
  const kinds: [string, Files][] = [
    [first, packageLock(some, registry)],
    ['pnpm-lock.yaml', pnpmLock(some)],
    ['yarn.lock of Yarn 1', yarnClassicLock(some, registry)],
    ['yarn.lock of Yarn 4', yarnLock(some)],
    ['bun.lock', bunLock(some)],
  ];
  const contenders = kinds.map(([name, files], at): Contender => {
    const folder = project(`kind-${at}`, files, bench);
    const scene = { folder, verdicts: 'kinds', forget: true, from: REGISTRY };
    return { name, ...(at > 0 && { over: first }), run: async () => once(scene, bench) };
  });
  const group = `${OTHERS} packages by kind of lockfile, nothing cached`;
  const rows = wallRows(group, contenders, await contest(contenders, bench.rounds));
  return rows.map((row) => ({ ...row, packages: OTHERS }));
}

/** Lockfiles of other ecosystems, whose archives are others. */
async function ofOthers(bench: Bench): Promise<Row[]> {
  const all = await Promise.all([requirements(OTHERS), gemfileLock(OTHERS), goSums(OTHERS)]);
  try {
    const contenders = all.map(({ name, files, env }): Contender => {
      const scene = {
        folder: project(name, files, bench),
        verdicts: name,
        forget: true,
        from: REGISTRY,
        env,
      };
      return { name, run: async () => once(scene, bench) };
    });
    const group = `${OTHERS} small archives of other ecosystems, nothing cached`;
    const rows = wallRows(group, contenders, await contest(contenders, bench.rounds));
    return rows.map((row) => ({ ...row, packages: OTHERS }));
  } finally {
    await Promise.all(all.map(async (server) => server.close()));
  }
}

/** The folder of a new project. */
function project(name: string, files: Files, { sandbox }: Bench): string {
  const folder = join(sandbox.root, 'projects', name);
  sandbox.write({ 'package.json': { name: 'app', version: '1.0.0' }, ...files }, folder);
  return folder;
}

async function once(
  { folder, verdicts, forget, from, env }: Scene,
  { sandbox }: Bench,
): Promise<Reading> {
  const cache = join(sandbox.root, 'verdicts', verdicts);
  if (forget) rmSync(cache, { recursive: true, force: true });
  const reading = await measure({
    argv: [process.execPath, built('cli/bin/tarwarden.js'), 'audit'],
    cwd: folder,
    env: { ...sandbox.env, PATH: process.env['PATH'], ...env, XDG_CACHE_HOME: cache },
  });
  const counts = /^(\d+) packages: [^]*^inspected: \1 (.+)$/m.exec(reading.output);
  if (counts?.[2] !== from)
    throw new Error(`not ${from}, which was to be measured:\n${reading.output}`);
  return reading;
}

/** npm's cache with every tarball under its hash, as npm leaves it. */
function fillNpmCache(folder: string, all: readonly Offer[]): void {
  for (const { integrity, bytes } of all) {
    const hex = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
    const path = [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
    const file = join(folder, '_cacache/content-v2/sha512', ...path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
