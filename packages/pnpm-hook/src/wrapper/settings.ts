/* The settings that force the guard, in places that override a repository's settings: see docs/managers/pnpm-internals.md. */
import { choosesPnpmCheck } from './command-line.ts';

/** pnpm 10, 11 or 12. They read different variables. */
export type Major = 10 | 11 | 12;

const OWN =
  /^p?npm_config_(?:global_pnpmfile|ignore_pnpmfile|dlx_cache_max_age|manage_package_manager_versions|package_manager_strict_version)$/i;
const CHECK = /^pnpm_config_pm_on_fail$/i;
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
  const isForced = (name: string): boolean => OWN.test(name.replaceAll('-', '_'));
  const kept = Object.entries(env).filter(([name]) => !isForced(name) && !CHECK.test(name));
  return {
    ...Object.fromEntries(kept),
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
  const value = Object.entries(env).find(([name]) => CHECK.test(name))?.[1];
  return CHOICES.has(value) ? value : undefined;
}
