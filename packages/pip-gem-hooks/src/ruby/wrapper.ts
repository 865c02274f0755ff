import { dirname, join } from 'node:path';
import { EXIT, fail } from '@tarwarden/guard/run';
import { runInspected, type HookOptions } from '../service/run.ts';
import { bundlerGemfile, clientContext } from '@tarwarden/clients/settings';

export type RubyTool = 'gem' | 'bundle';

/**
 * Runs the real gem or bundle with the guard in RUBYOPT, on our own standard streams. Resolves to the exit code: the program's
 * own, unless the guard says worse (see {@link EXIT}).
 */
export async function runRuby(
  tool: RubyTool,
  args: readonly string[],
  options: HookOptions,
): Promise<number> {
  const { env, cwd, guardPath } = options;
  if (/\s/.test(guardPath))
    return fail(EXIT.UNSUPPORTED, `RUBYOPT cannot hold ${guardPath}; ${tool} was not started`);
  return runInspected(options, {
    tool,
    manager: tool,
    args,
    guardEnv: rubyGuardEnvironment(env, guardPath),
    root: tool === 'gem' ? cwd : bundlerFolder(args, { cwd, env }),
    // Both programs load the code that the guard waits for in every command.
    demandGuard: true,
  });
}

/** The folder of the Gemfile, in which Bundler writes. */
function bundlerFolder(
  args: readonly string[],
  { cwd, env }: Pick<HookOptions, 'cwd' | 'env'>,
): string {
  const gemfile = gemfileIn(args);
  const bundlerEnv = gemfile === undefined ? env : { ...env, BUNDLE_GEMFILE: gemfile };
  return dirname(
    bundlerGemfile(clientContext({ folder: cwd, env: bundlerEnv })) ?? join(cwd, 'Gemfile'),
  );
}

/** The Gemfile that an option names. Words after `exec` belong to another program. */
function gemfileIn(words: readonly string[]): string | undefined {
  const args = words.includes('exec') ? words.slice(0, words.indexOf('exec')) : words;
  const index = args.findLastIndex((arg) => arg === '--gemfile' || arg.startsWith('--gemfile='));
  return args[index] === '--gemfile' ? args[index + 1] : args[index]?.slice('--gemfile='.length);
}

/** The variable that makes Ruby load the guard. The guard is first, so that it is there before other code is loaded. */
export function rubyGuardEnvironment(
  env: NodeJS.ProcessEnv,
  guardPath: string,
): { readonly RUBYOPT: string } {
  const userOptions = env['RUBYOPT'] ?? '';
  return { RUBYOPT: userOptions === '' ? `-r${guardPath}` : `-r${guardPath} ${userOptions}` };
}
