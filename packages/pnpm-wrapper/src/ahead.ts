/*
 * Config dependencies are inspected before pnpm starts: pnpm unpacks them and runs the code of some before it calls any hook. A
 * program of the hook inspects them, because it has the inspector. A project without config dependencies does not start that program.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from './command-line.ts';
import type { Major } from './settings.ts';

/** Matches a file that may declare config dependencies, also with escapes or variables in the name, or may send pnpm to another folder. */
const MAY_HAVE = /configDependencies|config-dependencies|lockfile-?dir|\\[uUx\r\n]|\$\{/i;
/** The same for an .npmrc, which may have variables in any value. */
const MAY_LOOK_ELSEWHERE = /^[^=\n]*(?:lockfile|[\\$])[^=\n]*=/im;

const WORKSPACE = 'pnpm-workspace.yaml';
const FILES = [WORKSPACE, 'package.json', 'package.json5', 'package.yaml'];

/** Inspects config dependencies if the project may have some. True if one is refused: then pnpm must not start. */
export function refusesAhead(
  args: readonly string[],
  hook: { readonly folder: string; readonly major: Major },
  env: NodeJS.ProcessEnv,
): boolean {
  const started = realPath(resolve(givenFolder(args) ?? '.'));
  const folders = rootsOf(started, env);
  const found = folders.filter(mayHave);
  if (found.length === 0) return false;
  // The registries of a workspace count for the projects in it.
  const roots = folders.filter((dir) => found.includes(dir) || existsSync(join(dir, WORKSPACE)));
  const { status } = spawnSync(
    process.execPath,
    [join(hook.folder, 'ahead.cjs'), String(hook.major), started, ...roots],
    { env, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return status !== 0;
}

function mayHave(folder: string): boolean {
  return (
    FILES.some((name) => MAY_HAVE.test(textOrNone(join(folder, name)))) ||
    MAY_LOOK_ELSEWHERE.test(textOrNone(join(folder, '.npmrc')))
  );
}

/** The folder that the arguments give pnpm to run in. The option can come before or after the command. */
function givenFolder(args: readonly string[]): string | undefined {
  const { leading, rest } = parse(args);
  const end = rest.indexOf('--');
  const own = [...leading, ...(end === -1 ? rest : rest.slice(0, end))];
  for (const [at, arg] of own.entries()) {
    const [, value] = /^(?:--dir|-C|--prefix)=(.*)$/s.exec(arg) ?? [];
    if (value !== undefined) return value;
    if (['--dir', '-C', '--prefix'].includes(arg)) return own[at + 1];
  }
  return undefined;
}

/**
 * Folders that pnpm may take for the project's root, the outer ones first: the nearest with a pnpm-workspace.yaml, even an empty
 * one, and without that, or told to ignore it, one on the way there.
 */
function rootsOf(start: string, env: NodeJS.ProcessEnv): readonly string[] {
  const named = env['NPM_CONFIG_WORKSPACE_DIR'] ?? env['npm_config_workspace_dir'];
  const folders = named === undefined || named === '' ? [] : [resolve(start, named)];
  for (let folder = start; ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (existsSync(join(folder, WORKSPACE)) || dirname(folder) === folder) return folders;
  }
}

function textOrNone(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
