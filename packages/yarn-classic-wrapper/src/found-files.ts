/*
 * What Yarn finds by itself, and another user of the machine can have put there: settings in folders above the project, of
 * which /tmp may be one, and the cache that it falls back to in the folder for temporary files.
 */
import { lstatSync, statSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { problemOfFound } from '@tarwarden/host/ownership';

/** Those that Yarn looks for in every folder, as no others. */
const SETTINGS: ReadonlySet<string> = new Set(['.yarnrc', '.yarnrc.yml', '.npmrc']);

/** Reads settings, and looks whose they are before and after: in between, another could have put theirs there. */
export function readFound<Read>(
  file: string,
  read: () => Read,
  check: (problem: string | undefined) => void,
): Read {
  check(problemOfSettings(file, process.env));
  const found = read();
  check(problemOfSettings(file, process.env));
  return found;
}

/** Why settings that Yarn is about to take are not to be taken; undefined where nothing is known against them. */
function problemOfSettings(file: string, env: NodeJS.ProcessEnv): string | undefined {
  const path = resolve(file);
  if (!SETTINGS.has(basename(path)) || isNamed(path, env)) return undefined;
  const project = projectFolder();
  const owners = [project, join(project, 'package.json')].flatMap((one) => factsOf(one));
  return problemOf(path, owners);
}

/** Why the cache that Yarn falls back to is not to be used; undefined where it is another, or fine. */
export function problemOfFallback(folder: string): string | undefined {
  const path = resolve(folder);
  const isFallback =
    dirname(path) === resolve(tmpdir()) && basename(path).startsWith('.yarn-cache');
  return isFallback ? problemOf(path, []) : undefined;
}

/** Of a link, whose it is counts as well as what it leads to. */
function problemOf(path: string, project: readonly Stats[]): string | undefined {
  for (const facts of factsOf(path)) {
    // A link has no rights of its own.
    const mode = facts.isSymbolicLink() ? 0 : facts.mode;
    const { uid, gid } = facts;
    const problem = problemOfFound(path, { uid, gid, mode }, project);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function factsOf(path: string): Stats[] {
  try {
    return [lstatSync(path), statSync(path)];
  } catch {
    return []; // Yarn says what is wrong with it.
  }
}

/** By the user, on the command line or by the environment; so is what lies in the home folder. */
function isNamed(path: string, env: NodeJS.ProcessEnv): boolean {
  const home = env['HOME'] ?? env['USERPROFILE'];
  const named = [env['YARN_CONFIG'] ?? [], ...optionsOf('--use-yarnrc')].flat();
  return (
    (home !== undefined && dirname(path) === resolve(home)) ||
    named.some((one) => resolve(one) === path)
  );
}

function projectFolder(): string {
  return resolve(optionsOf('--cwd')[0] ?? '.');
}

function optionsOf(option: string): string[] {
  const args = process.argv;
  return args.flatMap((one, index) => {
    if (one.startsWith(`${option}=`)) return [one.slice(option.length + 1)];
    const value = one === option ? args[index + 1] : undefined;
    return value === undefined ? [] : [value];
  });
}
