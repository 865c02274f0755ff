/*
 * Config dependencies are inspected before pnpm starts: pnpm unpacks them and runs the code of some before it calls any hook. A
 * program of the hook does it, for it needs what inspects; a project without any does not wait for that.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from './command-line.ts';
import type { Major } from './settings.ts';

/** A file may have config dependencies: by the name, or by one with escapes or variables in it. Or it has pnpm look elsewhere. */
const MAY_HAVE = /configDependencies|config-dependencies|lockfile-?dir|\\[uUx\r\n]|\$\{/i;
/** The same of an .npmrc, which may have variables in any value. */
const MAY_LOOK_ELSEWHERE = /^[^=\n]*(?:lockfile|[\\$])[^=\n]*=/im;

const WORKSPACE = 'pnpm-workspace.yaml';
const FILES = [WORKSPACE, 'package.json', 'package.json5', 'package.yaml'];

/** Runs the inspection if the project may have some. True: one is refused, and pnpm must not start. */
export function refusesAhead(
  args: readonly string[],
  hook: { readonly folder: string; readonly major: Major },
  env: NodeJS.ProcessEnv,
): boolean {
  const started = realPath(resolve(givenFolder(args) ?? '.'));
  const folders = rootsOf(started, env);
  const found = folders.filter(mayHave);
  if (found.length === 0) return false;
  // The registries of a workspace count for what is in it.
  const roots = folders.filter((one) => found.includes(one) || existsSync(join(one, WORKSPACE)));
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

/** The folder that pnpm is told to run in, before its command or behind it. */
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
