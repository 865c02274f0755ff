/* Finds which package managers a project uses, by the files that each of them has. It runs nothing and reads only names and package.json. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolders, readBounded } from '@tarwarden/host';
import { readLockfile } from '@tarwarden/lockfiles';
import type { FoundComponents } from './found.ts';

/** A file of a project that shows that a program is used there. */
const SIGNS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:package-lock|npm-shrinkwrap)\.json$/, ['npm']],
  [/^pnpm-(?:lock|workspace)\.yaml$/, ['pnpm']],
  [/^(?:yarn\.lock|\.yarnrc|\.yarnrc\.yml)$/, ['yarn']],
  [/^(?:bun\.lockb?|bunfig\.toml)$/, ['bun']],
  [
    /^(?:.*requirements.*\.txt|py(?:project|lock.*)\.toml|setup\.(?:py|cfg)|Pipfile)$/,
    ['python', 'uv'],
  ],
  [/^uv\.lock$/, ['python', 'uv']],
  [/^(?:Gemfile|Gemfile\.lock|gems\.rb|gems\.locked|.*\.gemspec)$/, ['ruby']],
  [/^go\.(?:mod|sum|work|work\.sum)$/, ['go']],
];

const OF_NODE: readonly string[] = ['npm', 'pnpm', 'yarn', 'bun'];
const MANIFEST_BYTES_MAX = 4 * 1024 * 1024;

/** The programs that the projects use. Undefined if nothing says it: then each program that starts here may be used. */
function usedPrograms(folders: readonly string[]): ReadonlySet<string> | undefined {
  const used = new Set<string>();
  for (const folder of folders.flatMap(projectFolders)) {
    const names = namesIn(folder);
    for (const name of names)
      for (const [sign, programs] of SIGNS)
        if (sign.test(name)) for (const program of programs) used.add(program);
    if (!names.includes('package.json')) continue;
    const named = namedManager(folder);
    if (named !== undefined) used.add(named);
  }
  const hasManifest = folders
    .flatMap(projectFolders)
    .some((folder) => namesIn(folder).includes('package.json'));
  if (hasManifest && !OF_NODE.some((program) => used.has(program))) used.add('npm');
  return used.size === 0 ? undefined : used;
}

/** Marks as idle what no project here uses. A version of Bundler is used if a Gemfile.lock names it. */
export function markIdle(found: FoundComponents, folders: readonly string[]): FoundComponents {
  const used = usedPrograms(folders);
  const isUnused = (program: string): boolean => used !== undefined && !used.has(program);
  const bundlers = bundledWith(folders);
  return {
    components: found.components.map((component) => {
      const { origin, name, version } = component;
      if (origin.kind === 'lockfile') return component;
      const { idle, ...rest } = origin;
      const isNamed = name === 'bundler' && bundlers.has(version);
      const isIdle = isUnused(origin.program) || (idle === true && !isNamed);
      return { ...component, origin: isIdle ? { ...rest, idle: true } : rest };
    }),
    problems: found.problems.map((problem) =>
      problem.program !== undefined && isUnused(problem.program)
        ? { ...problem, idle: true }
        : problem,
    ),
  };
}

/** Removes the marks, so that everything that was found counts. */
export function withoutIdle({ components, problems }: FoundComponents): FoundComponents {
  return {
    components: components.map((component) => {
      if (component.origin.kind === 'lockfile') return component;
      const { idle, ...origin } = component.origin;
      void idle;
      return { ...component, origin };
    }),
    problems: problems.map(({ idle, ...problem }) => {
      void idle;
      return problem;
    }),
  };
}

function bundledWith(folders: readonly string[]): ReadonlySet<string> {
  const versions = folders.flatMap(projectFolders).flatMap((folder) => {
    const text = textIn(join(folder, 'Gemfile.lock'));
    return text === undefined ? [] : [readLockfile('Gemfile.lock', text).version];
  });
  return new Set(versions);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The field `packageManager` of package.json. */
function namedManager(folder: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(textIn(join(folder, 'package.json')) ?? '');
    const named = (manifest as { packageManager?: unknown } | null)?.packageManager;
    const name = typeof named === 'string' ? named.split('@')[0]! : '';
    return OF_NODE.includes(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

function textIn(file: string): string | undefined {
  try {
    return readBounded(file, { bytesMax: MANIFEST_BYTES_MAX, follow: true }).bytes?.toString(
      'utf8',
    );
  } catch {
    return undefined;
  }
}
