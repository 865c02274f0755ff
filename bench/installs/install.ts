/** Guarded and unguarded installs of one project in turn, whatever the manager. */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { available, envFor, type ManagerName } from '../../test/support/managers.ts';
import { makeSandbox, type Sandbox } from '../../test/support/sandbox.ts';
import { contest, wallRows, type Contender } from '../contest.ts';
import { measure, type Reading } from '../measure.ts';
import type { Mirror } from '../mirror.ts';
import type { Context } from '../part.ts';
import type { Goal, Row } from '../result.ts';
import { PROJECT } from './project.ts';
import { scratch } from './scratch.ts';

/** How the guard is set up in a project: `inert` is a hook that does nothing, `before` the guard of another commit. */
export type Guard = 'none' | 'inert' | 'guarded' | 'strict' | 'before';

/** The set-up of the guard of this checkout, and that of the checkout of another commit if there is one. */
export function guards<T>(
  before: string | undefined,
  guardOf: (checkout?: string) => T,
): Partial<Record<Guard, T>> {
  return { guarded: guardOf(), ...(before !== undefined && { before: guardOf(before) }) };
}

export interface Entrant {
  readonly name: string;
  readonly guard: Guard;
  /** No verdict is remembered when it starts. */
  readonly forget?: true;
  /** Folders below the sandbox that are replaced by a copy before it starts, as a CI service restores a cache. */
  readonly restored?: readonly string[];
  readonly over?: string;
  readonly goal?: Goal;
}

/** Installs that are compared with one another. */
export interface Scene {
  readonly name: string;
  /** Folders of packages, below the sandbox, that are taken away before each install. */
  readonly without: readonly string[];
  readonly entrants: readonly Entrant[];
  /** Files of the project instead of those that the manager names. */
  files?(guard: Guard): Readonly<Record<string, string>>;
}

export interface Manager {
  readonly title: string;
  readonly name: ManagerName;
  /** The project's package.json, that of {@link PROJECT} unless given. */
  readonly project?: object;
  /** Makes the lockfile. */
  readonly first: readonly string[];
  /** The measured arguments. */
  readonly install: readonly string[];
  /** Files of the project that put the guard in. */
  files(guard: Guard): Readonly<Record<string, string | object>>;
  env?(guard: Guard): NodeJS.ProcessEnv;
  /** The words before the manager's name that start it guarded. */
  start?(guard: Guard): readonly string[];
  readonly scenes: readonly Scene[];
}

/** The cache of the user, below the sandbox. The guard of another commit has one of its own, so that neither forgets for the other. */
const cacheOf = (guard: Guard): string => (guard === 'before' ? 'xdg/cache-before' : 'xdg/cache');
/** Verdicts of every adapter are kept here. */
const verdictsOf = (guard: Guard): string => `${cacheOf(guard)}/tarwarden`;

/** The files that an install adds to the project beside the lockfile. */
const INSTALLED = ['node_modules', '.pnp.cjs', '.pnp.loader.mjs', '.yarn'];

/** Every scene of a manager, in a world of its own. No lifecycle script runs, and no network is measured. */
export async function installs(measured: Manager, context: Context): Promise<Row[]> {
  const manager = context.before === undefined ? measured : withBefore(measured);
  const there = available(manager.name);
  if (!there.ok) throw new Error(there.reason);
  const mirror = await context.mirror();
  const { folder, title } = scratch(context.disk);
  const sandbox = makeSandbox({ registry: mirror.url, ci: true, parent: folder });
  try {
    const packages = await prepare({ manager, sandbox }, mirror);
    const rows: Row[] = [];
    for (const scene of manager.scenes) {
      const group = `${manager.title}, ${packages} packages ${title}, ${scene.name}`;
      rows.push(...(await play({ manager, sandbox }, group, scene, context.rounds)));
    }
    return rows;
  } finally {
    sandbox.dispose();
  }
}

/** Each guarded install also by the guard of another commit. */
function withBefore(manager: Manager): Manager {
  const scenes = manager.scenes.map((scene) => ({
    ...scene,
    entrants: scene.entrants.flatMap((entrant) => {
      if (entrant.guard !== 'guarded') return [entrant];
      const { goal: _goal, ...before } = entrant;
      const name = `${entrant.name}, the commit before`;
      return [entrant, { ...before, name, guard: 'before' as const }];
    }),
  }));
  return { ...manager, scenes };
}

interface World {
  readonly manager: Manager;
  readonly sandbox: Sandbox;
}

/**
 * A locked project for each way the guard can stand; the lockfile of one may tell of the hook. Returns how many
 * packages were fetched.
 */
async function prepare(world: World, mirror: Mirror): Promise<number> {
  const { manager, sandbox } = world;
  mirror.takeTarballs();
  let packages = 0;
  const entrants = manager.scenes.flatMap((scene) => scene.entrants);
  for (const guard of new Set(entrants.map((entrant) => entrant.guard))) {
    const template = templateOf(sandbox, guard);
    mkdirSync(template);
    const files = {
      'package.json': JSON.stringify(manager.project ?? PROJECT),
      ...manager.files(guard),
    };
    sandbox.write(files, template);
    await run(world, template, { guard, args: manager.first });
    for (const path of INSTALLED) rmSync(join(template, path), { recursive: true, force: true });
    packages = Math.max(packages, mirror.takeTarballs());
  }
  return packages;
}

const templateOf = ({ root }: Sandbox, guard: Guard): string => join(root, `template-${guard}`);

async function play(world: World, group: string, scene: Scene, rounds: number): Promise<Row[]> {
  const contenders: Contender[] = scene.entrants.map((entrant) => ({
    name: entrant.name,
    ...(entrant.over !== undefined && { over: entrant.over }),
    run: () => once(world, scene, entrant),
  }));
  const rows = wallRows(group, contenders, await contest(contenders, rounds));
  return rows.map((row, at) => {
    const { goal } = scene.entrants[at]!;
    return goal === undefined ? row : { ...row, goal };
  });
}

async function once(world: World, scene: Scene, entrant: Entrant): Promise<Reading> {
  const { manager, sandbox } = world;
  const project = join(sandbox.root, 'measured');
  cpSync(templateOf(sandbox, entrant.guard), project, { recursive: true });
  if (scene.files) sandbox.write(scene.files(entrant.guard), project);
  const gone = [...scene.without, ...(entrant.forget ? [verdictsOf(entrant.guard)] : [])];
  for (const path of gone) rmSync(join(sandbox.root, path), { recursive: true, force: true });
  for (const path of entrant.restored ?? []) restore(join(sandbox.root, path));
  try {
    const reading = await run(world, project, { guard: entrant.guard, args: manager.install });
    expectGuard(world, entrant.guard, reading.output);
    return reading;
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

function restore(folder: string): void {
  if (!existsSync(folder)) return;
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true, preserveTimestamps: true });
  rmSync(folder, { recursive: true });
  renameSync(copy, folder);
}

/** Real packages pass without noise, and each leaves a verdict: else it was not the guard that was measured. */
function expectGuard({ manager, sandbox }: World, guard: Guard, output: string): void {
  if (/tarwarden: (?:refused|error|warning)/i.test(output)) throw new Error(output);
  const isGuarded = guard !== 'none' && guard !== 'inert';
  if (isGuarded && !existsSync(join(sandbox.root, verdictsOf(guard)))) {
    throw new Error(`${manager.title} ran without the guard:\n${output}`);
  }
}

function run(
  { manager, sandbox }: World,
  cwd: string,
  { guard, args }: { readonly guard: Guard; readonly args: readonly string[] },
): Promise<Reading> {
  const cache = { XDG_CACHE_HOME: join(sandbox.root, cacheOf(guard)) };
  const env = envFor(manager.name, { sandbox, env: { ...cache, ...manager.env?.(guard) } });
  return measure({ argv: [...(manager.start?.(guard) ?? []), ...args], cwd, env });
}
