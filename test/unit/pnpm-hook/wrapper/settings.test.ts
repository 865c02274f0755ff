import { describe, expect, test } from 'vitest';
import {
  forcedArguments,
  forcedEnvironment,
} from '../../../../packages/pnpm-hook/src/wrapper/wrapper.ts';
import { guardedMajor, type Major } from '../../../../packages/pnpm-hook/src/wrapper/version.ts';

const forced = (major: Major, args: string[] = [], env: NodeJS.ProcessEnv = {}): string[] =>
  forcedArguments(major, '/h.cjs', { args, env });

describe('forcedArguments', () => {
  test('names the hook, and switches no other pnpm in', () => {
    const always = [
      '--config.global-pnpmfile=/h.cjs',
      '--config.ignore-pnpmfile=false',
      '--config.dlx-cache-max-age=0',
      '--config.side-effects-cache=false',
    ];
    expect(forced(10)).toEqual([
      ...always,
      '--config.manage-package-manager-versions=false',
      '--config.package-manager-strict-version=true',
    ]);
    expect(forced(11)).toEqual([...always, '--config.pm-on-fail=error']);
    expect(forced(12)).toEqual(forced(11));
  });

  test.each(['warn', 'ignore', 'error'])('leaves the user’s own choice: %s', (choice) => {
    const lacking = expect.not.arrayContaining(['--config.pm-on-fail=error']);
    expect(forced(12, ['install', `--pm-on-fail=${choice}`])).toEqual(lacking);
    expect(forced(12, [], { PNPM_CONFIG_PM_ON_FAIL: choice })).toEqual(lacking);
  });

  test('takes no download for a choice', () => {
    expect(forced(12, [], { pnpm_config_pm_on_fail: 'download' })).toContain(
      '--config.pm-on-fail=error',
    );
  });
});

describe('forcedEnvironment', () => {
  test('replaces what would take the guard out, in any spelling, and keeps the rest', () => {
    const env = {
      PATH: '/bin',
      PNPM_CONFIG_GLOBAL_PNPMFILE: '/other.cjs',
      npm_config_ignore_pnpmfile: 'true',
      'npm_config_ignore-pnpmfile': 'true',
      'NPM_CONFIG_DLX-CACHE-MAX_AGE': '1440',
      npm_config_manage_package_manager_versions: 'true',
      NPM_CONFIG_PACKAGE_MANAGER_STRICT_VERSION: 'false',
      pnpm_config_pm_on_fail: 'download',
    };
    expect(forcedEnvironment(12, '/h.cjs', env)).toEqual({
      PATH: '/bin',
      pnpm_config_global_pnpmfile: '/h.cjs',
      pnpm_config_ignore_pnpmfile: 'false',
      pnpm_config_dlx_cache_max_age: '0',
      pnpm_config_pm_on_fail: 'error',
    });
  });

  test('has the names that pnpm 10 reads for it alone', () => {
    expect(forcedEnvironment(10, '/h.cjs', {})).toEqual({
      ...forcedEnvironment(11, '/h.cjs', {}),
      npm_config_global_pnpmfile: '/h.cjs',
      npm_config_ignore_pnpmfile: 'false',
      npm_config_dlx_cache_max_age: '0',
      npm_config_manage_package_manager_versions: 'false',
      npm_config_package_manager_strict_version: 'true',
    });
  });

  test.each(['warn', 'ignore', 'error'])('keeps the user’s own choice: %s', (choice) => {
    const env = { PNPM_CONFIG_PM_ON_FAIL: choice };
    const { pnpm_config_pm_on_fail, ...rest } = forcedEnvironment(12, '/h.cjs', env);
    expect(pnpm_config_pm_on_fail).toBe(choice);
    expect(rest).not.toHaveProperty('PNPM_CONFIG_PM_ON_FAIL');
  });

  test('neither removes nor believes variables that only look alike', () => {
    const env = {
      OLD_npm_config_ignore_pnpmfile: 'x',
      npm_config_ignore_pnpmfile_old: 'x',
      OLD_pnpm_config_pm_on_fail: 'ignore',
      pnpm_config_pm_on_fail_old: 'ignore',
    };
    expect(forcedEnvironment(12, '/h.cjs', env)).toEqual({
      ...env,
      ...forcedEnvironment(12, '/h.cjs', {}),
    });
    expect(forced(12, [], env)).toContain('--config.pm-on-fail=error');
  });
});

test.each([
  ['10.0.0', 10],
  ['11.28.10', 11],
  ['12.16.0', 12],
  ['12.21.0-rc.1', 12],
  ['12.15.9', undefined],
  ['9.15.9', undefined],
  ['13.0.0', undefined],
  ['100.0.0', undefined],
  ['', undefined],
  ['nonsense', undefined],
])('guardedMajor of %s', (version, expected) => {
  expect(guardedMajor(version)).toBe(expected);
});
