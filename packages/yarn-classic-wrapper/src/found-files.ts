/*
 * Files that Yarn finds by itself. Another user of the machine may have put them there: settings in folders above the project, such as
 * /tmp, and the fallback cache in the folder for temporary files.
 */
import { tmpdir } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { homeFolder } from '@tarwarden/host/home-folder';
import { problemOfOwner, problemsFor } from '@tarwarden/settings/found-files';

/** Files of settings that Yarn looks for in every folder above. */
const SETTINGS: ReadonlySet<string> = new Set(['.yarnrc', '.yarnrc.yml', '.npmrc']);

/** Reads settings, and checks their owner before and after: another user could replace the file in between. */
export function readFound<Read>(
  file: string,
  read: () => Read,
  check: (problem: string | undefined) => void,
): Read {
  check(problemOfSettings(file, process.env));
  const settings = read();
  check(problemOfSettings(file, process.env));
  return settings;
}

/** Why Yarn must not use a file of settings. Undefined if it may. */
function problemOfSettings(file: string, env: NodeJS.ProcessEnv): string | undefined {
  const path = resolve(file);
  if (!SETTINGS.has(basename(path)) || isNamed(path, env)) return undefined;
  const home = homeFolder(env, env['HOME'] === undefined ? 'USERPROFILE' : 'HOME');
  return problemsFor({ folder: projectFolder(), home })(path);
}

/** Why Yarn must not use its fall-back cache. Undefined if it may, or if the folder is another cache. */
export function problemOfFallback(folder: string): string | undefined {
  const path = resolve(folder);
  const isFallback =
    dirname(path) === resolve(tmpdir()) && basename(path).startsWith('.yarn-cache');
  return isFallback ? problemOfOwner(path, []) : undefined;
}

/** Whether the user names the file, on the command line or by a variable. */
function isNamed(path: string, env: NodeJS.ProcessEnv): boolean {
  const named = [env['YARN_CONFIG'] ?? [], ...optionsOf('--use-yarnrc')].flat();
  return named.some((file) => resolve(file) === path);
}

function projectFolder(): string {
  return resolve(optionsOf('--cwd')[0] ?? '.');
}

function optionsOf(option: string): string[] {
  const args = process.argv;
  return args.flatMap((arg, index) => {
    if (arg.startsWith(`${option}=`)) return [arg.slice(option.length + 1)];
    const value = arg === option ? args[index + 1] : undefined;
    return value === undefined ? [] : [value];
  });
}
