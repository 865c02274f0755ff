import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TarwardenError } from '@tarwarden/core';
import { guardEnvironment, runNpm, type NpmTool } from '@tarwarden/npm-wrapper';
import { oneOf, parseOptions } from '../options.ts';
import { write } from '../output.ts';
import { printVariables, SHELLS } from '../print-env.ts';
import { UsageError } from '../usage-error.ts';

/** `tarwarden npm …`: everything goes to npm as it is, but for `--print-env` in the first place. */
export async function npm(args: readonly string[], mainUrl: string): Promise<number> {
  return args[0] === '--print-env' ? printEnv(args, mainUrl) : run('npm', args, mainUrl);
}

/** `tarwarden npx …`: everything goes to npx as it is. */
export async function npx(args: readonly string[], mainUrl: string): Promise<number> {
  return run('npx', args, mainUrl);
}

async function run(tool: NpmTool, args: readonly string[], mainUrl: string): Promise<number> {
  return runNpm(tool, args, { env: process.env, preloadPath: findPreload(mainUrl) });
}

async function printEnv(args: readonly string[], mainUrl: string): Promise<number> {
  const { values, positionals } = parseOptions('npm', args, {
    'print-env': { type: 'boolean' },
    shell: { type: 'string' },
  });
  if (positionals.length > 0) throw new UsageError('--print-env takes no arguments', 'npm');
  const shell = oneOf({ command: 'npm', name: 'shell' }, values['shell'], SHELLS) ?? 'posix';
  const variables = guardEnvironment({ env: process.env, preloadPath: findPreload(mainUrl) });
  await write(printVariables(Object.entries(variables), shell));
  return 0;
}

/** The guard lies beside the main file where this is installed, and in the wrapper's own build in a checkout. */
function findPreload(mainUrl: string): string {
  const places = ['./preload.cjs', '../../npm-wrapper/dist/preload.cjs'].map((path) =>
    fileURLToPath(new URL(path, mainUrl)),
  );
  const found = places.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new TarwardenError(
    'NOT_INSPECTED',
    `the guard (${places[0] ?? ''}) is missing, so npm was not started; install tarwarden again, or run "pnpm build"`,
  );
}
