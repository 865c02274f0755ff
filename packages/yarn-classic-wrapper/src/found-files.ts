/*
 * What Yarn finds by itself, and another user of the machine can have put there: settings in folders above the project, of
 * which /tmp may be one, and the cache that it falls back to in the folder for temporary files.
 */
import { tmpdir } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { homeFolder } from '@tarwarden/host/home-folder';
import { problemOfOwner, problemsFor } from '@tarwarden/settings/found-files';

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
  const home = homeFolder(env, env['HOME'] === undefined ? 'USERPROFILE' : 'HOME');
  return problemsFor({ folder: projectFolder(), home })(path);
}

/** Why the cache that Yarn falls back to is not to be used; undefined where it is another, or fine. */
export function problemOfFallback(folder: string): string | undefined {
  const path = resolve(folder);
  const isFallback =
    dirname(path) === resolve(tmpdir()) && basename(path).startsWith('.yarn-cache');
  return isFallback ? problemOfOwner(path, []) : undefined;
}

/** By the user, on the command line or by the environment. */
function isNamed(path: string, env: NodeJS.ProcessEnv): boolean {
  const named = [env['YARN_CONFIG'] ?? [], ...optionsOf('--use-yarnrc')].flat();
  return named.some((one) => resolve(one) === path);
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
