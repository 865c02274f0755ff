import { execFileSync } from 'node:child_process';
import satisfies from 'semver/functions/satisfies.js';
import {
  EXIT,
  fail,
  findRealProgram,
  NO_COMPILED_CODE,
  preloadEnvironment,
  reportsEveryRun,
  runGuarded,
  YARN_STATUS,
  type Command,
  type Confine,
  type Program,
} from '@tarwarden/guard/run';
import { copyOfMain } from '@tarwarden/yarn-classic-wrapper';

const YARN: Program = {
  name: 'yarn',
  windowsScripts: ['node_modules/yarn/bin/yarn.js', 'node_modules/corepack/dist/yarn.js'],
};

/** The versions with plugins that the plugin was tried with, and the versions of Yarn 1 whose bytes the guard knows. */
const GUARDED = '3 || 4 || ~1.22.0';

/** Milliseconds for a Yarn to print its version. corepack may download it first. */
const VERSION_MS = 120_000;

/** Yarn answers these before it loads any plugin. Nothing is installed. */
const PRINTS_VERSION: ReadonlySet<string> = new Set(['--version', '-v']);
const INSTALLS_NOTHING: ReadonlySet<string> = new Set([...PRINTS_VERSION, '--help', '-h']);

export interface YarnOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the built `plugin-tarwarden.cjs`. */
  readonly pluginPath: string;
  /** Absolute path of the built `preload.cjs` of Yarn 1's guard. */
  readonly preloadPath: string;
  /** Absolute path of the built `preload.cjs` of npm's guard, for an npm that a script starts. */
  readonly npmPreloadPath: string;
  readonly confine?: Confine | undefined;
}

/**
 * Runs the real Yarn guarded on our own standard streams. Yarn 3 and 4 get the plugin and Yarn 1 gets the preload, because a
 * setting may make one start the other. Resolves to Yarn's exit code, unless the guard reports something worse (see {@link
 * EXIT}).
 */
export async function runYarn(args: readonly string[], options: YarnOptions): Promise<number> {
  const { confine } = options;
  const { command, env } = guardedYarn(options);
  if (command === undefined) return fail(EXIT.NOT_FOUND, 'there is no yarn on the PATH');
  if (confine !== undefined || !isYarn1(command)) {
    const output = versionText(confine?.(command) ?? command, env);
    const version = versionIn(output) ?? 'of unknown version';
    if (!satisfies(version, GUARDED, { includePrerelease: true })) {
      const problem = `Yarn ${version} (${command.file}) cannot be guarded`;
      return fail(EXIT.UNSUPPORTED, `${problem}; use Yarn 1.22, 3 or 4`);
    }
    // This was the answer: do not start Yarn again for it.
    if (PRINTS_VERSION.has(args.join(' ')) && confine === undefined && !reportsEveryRun(env)) {
      process.stdout.write(output);
      return 0;
    }
  }
  return runGuarded({
    manager: 'yarn',
    command,
    args,
    env,
    channel: YARN_STATUS,
    confine,
    demandGuard: !INSTALLS_NOTHING.has(args[0] ?? ''),
  });
}

/** Which of the two kinds of Yarn runs in this folder. */
export function kindOfYarn(options: YarnOptions): 'yarn' | 'yarn-classic' {
  const { command, env } = guardedYarn(options);
  const version = command && versionIn(versionText(options.confine?.(command) ?? command, env));
  return version?.startsWith('1.') === true ? 'yarn-classic' : 'yarn';
}

function guardedYarn({ pluginPath, ...options }: YarnOptions): {
  readonly command: Command | undefined;
  readonly env: NodeJS.ProcessEnv;
} {
  const plugins = (options.env['YARN_PLUGINS'] ?? '').split(';').filter((plugin) => plugin !== '');
  const otherPlugins = plugins.filter((plugin) => plugin !== pluginPath);
  const env = {
    ...options.env,
    ...(options.confine !== undefined && NO_COMPILED_CODE),
    YARN_PLUGINS: [pluginPath, ...otherPlugins].join(';'),
    ...preloadEnvironment(options.env, options.preloadPath, options.npmPreloadPath),
  };
  return { command: findRealProgram(YARN, options.env), env };
}

/** The guard of Yarn 1 checks by itself whether it can guard that Yarn, and the Yarn that it starts. */
function isYarn1({ file, args }: Command): boolean {
  return copyOfMain(args[0] ?? file) !== undefined;
}

/**
 * The text that the Yarn of this folder prints as its version. Empty if it fails. The first Yarn on the PATH may start the
 * project's own. The guards are loaded, because a project may require the plugin.
 */
function versionText(command: Command, env: NodeJS.ProcessEnv): string {
  try {
    return execFileSync(command.file, [...command.args, '--version'], {
      encoding: 'utf8',
      env,
      timeout: VERSION_MS,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  } catch {
    return '';
  }
}

function versionIn(output: string): string | undefined {
  return /^\d+\.\d+\.\S+$/m.exec(output)?.[0];
}
