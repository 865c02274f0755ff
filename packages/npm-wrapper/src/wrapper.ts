/* Runs the real npm or npx. NODE_OPTIONS preloads the guard, and the wrapper checks afterwards that it was loaded. */

import {
  EXIT,
  fail,
  findRealProgram,
  NO_COMPILED_CODE,
  NPM_STATUS,
  preloadEnvironment,
  runGuarded,
  type Confine,
  type Program,
} from '@tarwarden/guard/run';

export type NpmTool = 'npm' | 'npx';

const PROGRAMS: Readonly<Record<NpmTool, Program>> = {
  npm: { name: 'npm', windowsScripts: ['node_modules/npm/bin/npm-cli.js'] },
  npx: { name: 'npx', windowsScripts: ['node_modules/npm/bin/npx-cli.js'] },
};

export interface NpmOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the built `preload.cjs`. */
  readonly preloadPath: string;
  readonly confine?: Confine | undefined;
}

/**
 * Runs the real npm with the guard preloaded, on our own standard streams. Resolves to the exit code: npm's
 * own, unless the guard says worse (see {@link EXIT}). A signal that ends npm gives 128 plus its number.
 */
export async function runNpm(
  tool: NpmTool,
  args: readonly string[],
  { env, preloadPath, confine }: NpmOptions,
): Promise<number> {
  const command = findRealProgram(PROGRAMS[tool], env);
  if (command === undefined) return fail(EXIT.NOT_FOUND, `there is no ${tool} on the PATH`);
  return runGuarded({
    manager: 'npm',
    command,
    args,
    env: {
      ...env,
      ...(confine !== undefined && NO_COMPILED_CODE),
      ...preloadEnvironment(env, preloadPath),
    },
    channel: NPM_STATUS,
    confine,
    demandGuard: true,
  });
}
