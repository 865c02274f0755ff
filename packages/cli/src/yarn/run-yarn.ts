import { execFileSync } from 'node:child_process';
import satisfies from 'semver/functions/satisfies.js';
import {
  EXIT,
  fail,
  findRealProgram,
  runGuarded,
  YARN_STATUS,
  type Command,
  type Program,
} from '@tarwarden/guarded-run';

const YARN: Program = {
  name: 'yarn',
  windowsScripts: ['node_modules/yarn/bin/yarn.js', 'node_modules/corepack/dist/yarn.js'],
};

/** The Yarns that have plugins, and that the guard is tried with. */
const GUARDED = '3 || 4';

/** Milliseconds for a Yarn to print its version; corepack may download it first. */
const VERSION_MS = 120_000;

/** What Yarn answers before it loads any plugin; nothing is installed. */
const INSTALLS_NOTHING: ReadonlySet<string> = new Set(['--version', '-v', '--help', '-h']);

export interface YarnOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the built `plugin-tarwarden.cjs`. */
  readonly pluginPath: string;
}

/**
 * Runs the real Yarn with the plugin in it, on our own standard streams. Resolves to the exit code: Yarn's own, unless
 * the guard says worse (see {@link EXIT}). Yarn 1, which has no plugins, is not run.
 */
export async function runYarn(args: readonly string[], options: YarnOptions): Promise<number> {
  const { pluginPath } = options;
  const command = findRealProgram(YARN, options.env);
  if (command === undefined) return fail(EXIT.NOT_FOUND, 'there is no yarn on the PATH');
  const plugins = (options.env['YARN_PLUGINS'] ?? '').split(';').filter((one) => one !== '');
  const others = plugins.filter((one) => one !== pluginPath);
  const env = { ...options.env, YARN_PLUGINS: [pluginPath, ...others].join(';') };
  const version = versionOf(command, env) ?? 'of unknown version';
  if (!satisfies(version, GUARDED, { includePrerelease: true })) {
    const what = `Yarn ${version} (${command.file}) cannot be guarded`;
    return fail(EXIT.UNSUPPORTED, `${what}; use Yarn 3 or 4`);
  }
  return runGuarded({
    manager: 'yarn',
    command,
    args,
    env,
    channel: YARN_STATUS,
    demandGuard: !INSTALLS_NOTHING.has(args[0] ?? ''),
  });
}

/**
 * The version of the Yarn that runs in this folder: the first on the PATH may hand on to the project's own. The plugin is in it,
 * since a project may require that.
 */
function versionOf(command: Command, env: NodeJS.ProcessEnv): string | undefined {
  try {
    const output = execFileSync(command.file, [...command.args, '--version'], {
      encoding: 'utf8',
      env,
      timeout: VERSION_MS,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return /^\d+\.\d+\.\S+$/m.exec(output)?.[0];
  } catch {
    return undefined;
  }
}
