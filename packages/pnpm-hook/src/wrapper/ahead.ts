/*
 * Inspects config dependencies before pnpm starts, because pnpm unpacks them and runs the code of some before it calls any hook. The
 * hook's program ahead.cjs inspects them. It does not start for a project without config dependencies.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  lookUp,
  pnpmLayersIn,
  clientContext,
  type ClientContext,
} from '@tarwarden/clients/settings';
import { parsePnpmArguments } from '@tarwarden/clients/pnpm/command-line';
import type { Major } from './version.ts';
import { realOrSame } from '@tarwarden/guard/real-path';

const WORKSPACE = 'pnpm-workspace.yaml';

interface Started {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
}

/** The folder and environment of pnpm. */
function pnpmContext({ args, env }: Started): ClientContext {
  return clientContext({ folder: realOrSame(resolve(givenFolder(args) ?? '.')), env });
}

/** Inspects config dependencies if the project may have some. True if one is refused: then pnpm must not start. */
export function refusesAhead(
  started: Started,
  hook: { readonly folder: string; readonly major: Major },
): boolean {
  const context = pnpmContext(started);
  const folders = rootsOf(context.folder, started.env);
  const declaring = folders.filter((folder) => mayHave(folder, started.version, context));
  if (declaring.length === 0) return false;
  // The registries of a workspace count for the projects in it.
  const roots = folders.filter(
    (dir) => declaring.includes(dir) || existsSync(join(dir, WORKSPACE)),
  );
  const { status } = spawnSync(
    process.execPath,
    [join(hook.folder, 'ahead.cjs'), String(hook.major), context.folder, ...roots],
    { env: started.env, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return status !== 0;
}

/** Whether the settings of a folder declare config dependencies, may do so, or send pnpm to the lockfile of another folder. */
function mayHave(folder: string, version: string, context: ClientContext): boolean {
  const layers = pnpmLayersIn(version, context, { workspace: folder, package: folder });
  const isSet = (setting: string): boolean => lookUp(layers, setting) !== undefined;
  const isHidden = layers.some(({ unreadable }) => unreadable !== undefined);
  return isHidden || isSet('configDependencies') || isSet('lockfileDir');
}

/** The folder that the arguments name. The option can come before or after the command. */
function givenFolder(args: readonly string[]): string | undefined {
  const { leading, commandArguments: commandArgs } = parsePnpmArguments(args);
  const end = commandArgs.indexOf('--');
  const ownArgs = [...leading, ...(end === -1 ? commandArgs : commandArgs.slice(0, end))];
  for (const [index, arg] of ownArgs.entries()) {
    const [, value] = /^(?:--dir|-C|--prefix)=(.*)$/s.exec(arg) ?? [];
    if (value !== undefined) return value;
    if (['--dir', '-C', '--prefix'].includes(arg)) return ownArgs[index + 1];
  }
  return undefined;
}

/**
 * Folders that may be the project's root for pnpm, the outer ones first: the nearest with a pnpm-workspace.yaml, even an empty one, and
 * all folders on the way there, for a pnpm that ignores the workspace.
 */
function rootsOf(start: string, env: NodeJS.ProcessEnv): readonly string[] {
  const namedFolders = ['PNPM_CONFIG_', 'NPM_CONFIG_']
    .map((prefix) => `${prefix}WORKSPACE_DIR`)
    .flatMap((name) => [env[name], env[name.toLowerCase()]])
    .filter((value) => value !== undefined && value !== '');
  const folders = namedFolders.map((folder) => resolve(start, folder ?? ''));
  for (let folder = start; ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (existsSync(join(folder, WORKSPACE)) || dirname(folder) === folder) return folders;
  }
}
