/*
 * Config dependencies are inspected before pnpm starts: pnpm unpacks them and runs the code of some before it calls any hook. A
 * program of the hook does it, for it needs what inspects; a project without any does not wait for that.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from './command-line.ts';
import type { Major } from './settings.ts';

/** A file may have config dependencies: by the name, or by one with escapes or variables in it. */
const MAY_HAVE = /configDependencies|config-dependencies|\\[uUx\r\n]|\$\{/i;

/** Runs the inspection if the project may have some. True: one is refused, and pnpm must not start. */
export function refusesAhead(
  args: readonly string[],
  hook: { readonly folder: string; readonly major: Major },
  env: NodeJS.ProcessEnv,
): boolean {
  const root = rootOf(resolve(givenFolder(args) ?? '.'), env);
  const files = ['pnpm-workspace.yaml', 'package.json'].map((name) => textOrNone(join(root, name)));
  if (!files.some((text) => MAY_HAVE.test(text))) return false;
  const { status } = spawnSync(
    process.execPath,
    [join(hook.folder, 'ahead.cjs'), root, String(hook.major)],
    { env, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  return status !== 0;
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

/** The nearest folder with a pnpm-workspace.yaml, else with a package.json. */
function rootOf(start: string, env: NodeJS.ProcessEnv): string {
  const named = env['NPM_CONFIG_WORKSPACE_DIR'] ?? env['npm_config_workspace_dir'];
  if (named !== undefined && named !== '') return resolve(start, named);
  const above = (name: string): string | undefined => {
    for (let folder = start; ; folder = dirname(folder)) {
      if (textOrNone(join(folder, name)) !== '') return folder;
      if (dirname(folder) === folder) return undefined;
    }
  };
  return above('pnpm-workspace.yaml') ?? above('package.json') ?? start;
}

function textOrNone(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
