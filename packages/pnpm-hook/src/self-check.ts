/* Whether a project really is guarded: what a hook cannot see, since it is not called then. */
import { join, relative, resolve } from 'node:path';
import { nearestWith } from '@tarwarden/host/folders-above';
import { pnpmLoading, readText, whereOf, type PnpmLoading, type Where } from '@tarwarden/settings';
import { checkCommands } from './check/commands.ts';
import type { Add, Problem, ProblemCode } from './check/problems.ts';
import { checkReach } from './check/reach.ts';

export { SHIM } from './check/reach.ts';

/** The newest versions that are guarded, where package.json names none: each of them may be the one that runs. */
const ANY = ['10.99.0', '11.99.0', '12.99.0'];

const CODES: Readonly<Record<PnpmLoading['obstacles'][number]['kind'], ProblemCode>> = {
  ignored: 'pnpmfile-ignored',
  elsewhere: 'pnpmfile-elsewhere',
  'in-each-package': 'pnpmfile-elsewhere',
  'settings-elsewhere': 'settings-elsewhere',
  unreadable: 'unreadable',
};

/**
 * Problems that would let an install of `directory` run without the guard. Empty if there are none.
 * @param folder The package in it that pnpm is called in: pnpm 10 reads its .npmrc as well.
 */
export function checkProject(
  directory: string,
  env: Where['env'],
  folder: string = directory,
): readonly Problem[] {
  const problems = new Map<string, Problem>();
  const add: Add = (code, file, message) => {
    const problem = { code, file: shown(directory, file), message };
    problems.set(`${code} ${problem.file}`, problem);
  };
  const manifest = manifestOf(directory, add);
  const wanted = wantedPnpm(manifest);
  const versions = wanted?.isGuarded === true ? [wanted.version] : ANY;
  const where = whereOf({ folder, env });
  const loadings = versions.flatMap((version) => pnpmLoading(version, where));
  for (const loading of loadings) {
    for (const { kind, by, message } of loading.obstacles) add(CODES[kind], by, message);
    if (loading.configDependencies.some((name) => /^(?:@pnpm\/)?pacquet$/.test(name)))
      add(
        'other-engine',
        'pnpm-workspace.yaml',
        'pnpm 11 leaves the install to pacquet, which calls no hooks',
      );
  }
  checkReach(loadings, { directory, major: wanted?.version.split('.')[0] }, add);
  checkCommands(directory, add);
  if (wanted?.isGuarded === false)
    add(
      'pnpm-unsupported',
      'package.json',
      `pnpm ${wanted.version} is not guarded: 10, 11 and 12 from 12.16 on are`,
    );
  return [...problems.values()];
}

/** Relative to the project, where it is in it. A variable has no folder. */
function shown(directory: string, file: string): string {
  const path = relative(directory, file);
  return file.startsWith('/') && !path.startsWith('..') ? path : file;
}

function manifestOf(directory: string, add: Add): Readonly<Record<string, unknown>> {
  const read = readText(join(directory, 'package.json'));
  if (read === undefined) return {};
  try {
    if (read.text !== undefined)
      return JSON.parse(read.text.trim() || '{}') as Record<string, unknown>;
    add('unreadable', 'package.json', read.unreadable);
  } catch {
    add('unreadable', 'package.json', 'it is not valid JSON');
  }
  return {};
}

/** The pnpm that package.json names. */
function wantedPnpm({
  packageManager,
}: Readonly<Record<string, unknown>>):
  | { readonly version: string; readonly isGuarded: boolean }
  | undefined {
  const [, major, minor, patch = '0'] =
    (typeof packageManager === 'string'
      ? /^pnpm@(\d+)\.(\d+)(?:\.(\d+))?/.exec(packageManager)
      : null) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const isGuarded = major === '10' || major === '11' || (major === '12' && Number(minor) >= 16);
  return { version: `${major}.${minor}.${patch}`, isGuarded };
}

/** The nearest folder at or above `directory` that pnpm takes for the root of a workspace, else `directory`. */
export function projectRoot(directory: string): string {
  return nearestWith(directory, ['pnpm-workspace.yaml']) ?? resolve(directory);
}
