/* Runs the real pnpm with settings that force the guard's pnpmfile. Refuses commands that would not call its hooks. */

import { dirname } from 'node:path';
import {
  EXIT,
  fail,
  findRealProgram,
  nameNodeFile,
  NO_COMPILED_CODE,
  PNPM_STATUS,
  runGuarded,
  type Confine,
  type Program,
} from '@tarwarden/guard/run';
import { refusesAhead } from './ahead.ts';
import {
  bypassesHooks,
  isLeftToNpm,
  mustBeGuarded,
  pnpmPublishes,
  removesGlobal,
  choosesPnpmCheck,
} from '@tarwarden/clients/pnpm/command-line';
import { guardedMajor, versionOf, type Major } from './version.ts';

export type PnpmTool = 'pnpm' | 'pnpx';

const PNPM: Program = {
  name: 'pnpm',
  windowsScripts: [
    'node_modules/pnpm/pnpm.exe',
    'node_modules/pnpm/bin/pnpm.cjs',
    'node_modules/pnpm/bin/pnpm.mjs',
  ],
};

const NOT_INSPECTED =
  'warning: pnpm packs and uploads in one step, so what it uploads is NOT inspected. To have it inspected, ' +
  'pack first ("pnpm pack"), then run "tarwarden scan FILE", and publish that file';

export interface PnpmOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the built `index.cjs`. */
  readonly hookPath: string;
  readonly confine?: Confine | undefined;
  /** The variables that load npm's guard into each npm that pnpm starts. */
  readonly npmGuard: (env: NodeJS.ProcessEnv) => Promise<NodeJS.ProcessEnv>;
}

/**
 * Runs the real pnpm with the hook forced, on our own standard streams. Resolves to the exit code: pnpm's own, unless the guard says
 * worse (see {@link EXIT}). `pnpx` means `pnpm dlx`, as for pnpm itself.
 */
export async function runPnpm(
  tool: PnpmTool,
  userArgs: readonly string[],
  options: PnpmOptions,
): Promise<number> {
  const { hookPath, confine } = options;
  const args = tool === 'pnpx' ? ['dlx', ...userArgs] : userArgs;
  const bypass = bypassesHooks(args);
  if (bypass !== undefined) {
    return fail(EXIT.UNSUPPORTED, `${bypass}, so it is not run guarded; run pnpm itself for this`);
  }
  const command = findRealProgram(PNPM, options.env);
  if (command === undefined) return fail(EXIT.NOT_FOUND, 'there is no pnpm on the PATH');
  const env = { ...options.env, ...(confine !== undefined && NO_COMPILED_CODE) };
  const version = versionOf(command, env, confine?.(command)) ?? 'of unknown version';
  const major = guardedMajor(version);
  if (major === undefined) {
    return fail(
      EXIT.UNSUPPORTED,
      `pnpm ${version} (${command.file}) cannot be guarded; use pnpm 10, 11, or 12 from 12.16 on`,
    );
  }
  const toNpm = major === 10 && isLeftToNpm(args);
  // pnpm 10 has npm upload what it has packed. It passes its own arguments on, so npm would take a forced one for its command.
  const publishes = pnpmPublishes(args);
  const byNpm = major === 10 && publishes;
  const npmEnv = byNpm ? await options.npmGuard(env) : {};
  if (publishes && !byNpm) process.stderr.write(`tarwarden: ${NOT_INSPECTED}\n`);
  const installsNothing = !mustBeGuarded(args) || (major === 12 && removesGlobal(args));
  const hook = { folder: dirname(hookPath), major };
  if (!toNpm && refusesAhead({ args, env, version }, hook)) return EXIT.BLOCKED;
  const forced = toNpm || byNpm ? [] : forcedArguments(major, hookPath, { args, env });
  return runGuarded({
    manager: 'pnpm',
    command,
    args: withForced(args, forced, major),
    env: {
      ...forcedEnvironment(major, hookPath, env),
      ...npmEnv,
      ...withoutNodeFiles(args, env),
    },
    channel: PNPM_STATUS,
    confine,
    demandGuard: !toNpm && !byNpm && !installsNothing,
  });
}

/** Arguments may name a file of options for the Node that runs pnpm and the guard. This variable makes Node ignore the file. */
function withoutNodeFiles(args: readonly string[], env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return nameNodeFile(args) ? { NODE_OPTIONS: env['NODE_OPTIONS'] ?? '' } : {};
}

/** pnpm 11 accepts `pm`, which means its own command and no script, only as the first word. For other versions, `pm` is a script. */
function withForced(args: readonly string[], forced: readonly string[], major: Major): string[] {
  const position = major === 11 && args[0] === 'pm' ? 1 : 0;
  return [...args.slice(0, position), ...forced, ...args.slice(position)];
}

const FORCED_VARIABLE =
  /^p?npm_config_(?:global_pnpmfile|ignore_pnpmfile|dlx_cache_max_age|manage_package_manager_versions|package_manager_strict_version)$/i;
const PM_ON_FAIL = /^pnpm_config_pm_on_fail$/i;
const CHOICES: ReadonlySet<string | undefined> = new Set(['warn', 'ignore', 'error']);

/** Arguments to insert before the user's. A setting on the command line overrides all files and variables. */
export function forcedArguments(
  major: Major,
  hook: string,
  context: { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv },
): string[] {
  const forced = [
    `--config.global-pnpmfile=${hook}`,
    '--config.ignore-pnpmfile=false',
    // `dlx` would run a tree that it made earlier without calling a hook.
    '--config.dlx-cache-max-age=0',
    // pnpm 12 shows `dlx` and `-g` no configuration in which the hook could set this.
    '--config.side-effects-cache=false',
  ];
  // pnpm would download the version that package.json names, before it loads any hook.
  if (major === 10) {
    return [
      ...forced,
      '--config.manage-package-manager-versions=false',
      '--config.package-manager-strict-version=true',
    ];
  }
  const chosen = choosesPnpmCheck(context.args) || checkOf(context.env) !== undefined;
  return chosen ? forced : [...forced, '--config.pm-on-fail=error'];
}

/** The environment of pnpm and of the programs that it starts, so that a pnpm in a script is guarded as well. */
export function forcedEnvironment(
  major: Major,
  hook: string,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  // pnpm 10 reads `npm_config_ignore-pnpmfile` as well.
  const isForced = (name: string): boolean => FORCED_VARIABLE.test(name.replaceAll('-', '_'));
  const keptVariables = Object.entries(env).filter(
    ([name]) => !isForced(name) && !PM_ON_FAIL.test(name),
  );
  return {
    ...Object.fromEntries(keptVariables),
    pnpm_config_global_pnpmfile: hook,
    pnpm_config_ignore_pnpmfile: 'false',
    pnpm_config_dlx_cache_max_age: '0',
    pnpm_config_pm_on_fail: checkOf(env) ?? 'error',
    // Only pnpm 10 reads these, and npm warns about unknown settings.
    ...(major === 10 && {
      npm_config_global_pnpmfile: hook,
      npm_config_ignore_pnpmfile: 'false',
      npm_config_dlx_cache_max_age: '0',
      npm_config_manage_package_manager_versions: 'false',
      npm_config_package_manager_strict_version: 'true',
    }),
  };
}

/** The choice in the user's environment for a project that names another pnpm, except to download it. */
function checkOf(env: NodeJS.ProcessEnv): string | undefined {
  const value = Object.entries(env).find(([name]) => PM_ON_FAIL.test(name))?.[1];
  return CHOICES.has(value) ? value : undefined;
}
