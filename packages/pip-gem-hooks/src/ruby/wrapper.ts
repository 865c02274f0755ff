import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectLink } from '@tarwarden/host';
import { EXIT, fail, findRealProgram, type Confine } from '@tarwarden/guarded-run';
import { runInspected } from '../service/index.ts';
import { bundlerGemfile, clientContext } from '@tarwarden/settings';

export type RubyTool = 'gem' | 'bundle';

export interface RubyOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the project whose policy counts. */
  readonly cwd: string;
  /** Absolute path of `tarwarden.rb`. */
  readonly guardPath: string;
  readonly confine?: Confine | undefined;
}

/**
 * Runs the real gem or bundle with the guard in RUBYOPT, on our own standard streams. Resolves to the exit code: the program's
 * own, unless the guard says worse (see {@link EXIT}).
 */
export async function runRuby(
  tool: RubyTool,
  args: readonly string[],
  { env, cwd, guardPath, confine }: RubyOptions,
): Promise<number> {
  if (!existsSync(guardPath))
    return fail(EXIT.UNSUPPORTED, `the guard is missing (${guardPath}); ${tool} was not started`);
  if (/\s/.test(guardPath))
    return fail(EXIT.UNSUPPORTED, `RUBYOPT cannot hold ${guardPath}; ${tool} was not started`);
  const command = findRealProgram({ name: tool, windowsScripts: [] }, env);
  if (command === undefined) return fail(EXIT.NOT_FOUND, `there is no ${tool} on the PATH`);
  const root = tool === 'gem' ? cwd : bundlerFolder(args, { cwd, env });
  const link = projectLink(tool, { root });
  if (link !== undefined)
    return fail(EXIT.BLOCKED, `${tool} was not run: ${link.problem}; ${link.remedy}`);
  return runInspected({
    manager: tool,
    command: confine?.(command) ?? command,
    args,
    env,
    guardEnv: rubyGuardEnvironment(env, guardPath),
    project: cwd,
    // Both programs load the code that the guard waits for in every command.
    demandGuard: true,
  });
}

/** The folder of the Gemfile, in which Bundler writes. */
function bundlerFolder(
  args: readonly string[],
  { cwd, env }: Pick<RubyOptions, 'cwd' | 'env'>,
): string {
  const gemfile = gemfileIn(args);
  const named = gemfile === undefined ? env : { ...env, BUNDLE_GEMFILE: gemfile };
  return dirname(
    bundlerGemfile(clientContext({ folder: cwd, env: named })) ?? join(cwd, 'Gemfile'),
  );
}

/** The Gemfile that an option names. Words after `exec` belong to another program. */
function gemfileIn(given: readonly string[]): string | undefined {
  const args = given.includes('exec') ? given.slice(0, given.indexOf('exec')) : given;
  const at = args.findLastIndex((arg) => arg === '--gemfile' || arg.startsWith('--gemfile='));
  return args[at] === '--gemfile' ? args[at + 1] : args[at]?.slice('--gemfile='.length);
}

/** The variable that makes Ruby load the guard. The guard is first, so that it is there before other code is loaded. */
export function rubyGuardEnvironment(
  env: NodeJS.ProcessEnv,
  guardPath: string,
): { readonly RUBYOPT: string } {
  const own = env['RUBYOPT'] ?? '';
  return { RUBYOPT: own === '' ? `-r${guardPath}` : `-r${guardPath} ${own}` };
}
