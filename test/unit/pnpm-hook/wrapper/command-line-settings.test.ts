/** What an argument on the command line can switch off. */
import { describe, expect, test } from 'vitest';
import {
  choosesPnpmCheck,
  switchesGuardOff,
} from '../../../../packages/clients/src/pnpm/command-line.ts';

const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');

describe('switchesGuardOff', () => {
  test.each([
    ['install --ignore-pnpmfile', '--ignore-pnpmfile'],
    ['--ignore-pnpmfile install', '--ignore-pnpmfile'],
    ['--ignore-pnpmfile test', '--ignore-pnpmfile'],
    // It reads its options itself, and pnpm 12 then loads no pnpmfile.
    ['restart --ignore-pnpmfile', '--ignore-pnpmfile'],
    ['install --ignore-pnpmfile=true', '--ignore-pnpmfile=true'],
    ['install --ignore-pnpmfile=falsehood', '--ignore-pnpmfile=falsehood'],
    [
      'install --ignore-pnpmfile=--ignore-pnpmfile=false',
      '--ignore-pnpmfile=--ignore-pnpmfile=false',
    ],
    ['install --no-ignore-pnpmfile=x', '--no-ignore-pnpmfile=x'],
    // pnpm 12 reads no value behind it.
    ['install --ignore-pnpmfile false', '--ignore-pnpmfile'],
    ['install --no-ignore-pnpmfile --ignore-pnpmfile', '--ignore-pnpmfile'],
    ['install --global-pnpmfile=x', '--global-pnpmfile=x'],
    ['install --global-pnpmfile x', '--global-pnpmfile'],
    ['install --no-global-pnpmfile', '--no-global-pnpmfile'],
    ['install --pm-on-fail=download', '--pm-on-fail=download'],
    ['install --pm-on-fail download', '--pm-on-fail'],
    ['install --pm-on-fail=ignored', '--pm-on-fail=ignored'],
    ['install --pm-on-fail', '--pm-on-fail'],
    ['install --pm-on-fail=ignore --pm-on-fail=download', '--pm-on-fail=download'],
    ['-- --ignore-pnpmfile install', '--ignore-pnpmfile'],
    // What may be an option's value, or the command, is no reason to look no further.
    ['--unheard-of exec install --ignore-pnpmfile', '--ignore-pnpmfile'],
    ['--unheard-of run -- --ignore-pnpmfile', '--ignore-pnpmfile'],
    ['m dlx x --ignore-pnpmfile', '--ignore-pnpmfile'],
    ['--color exec add x --ignore-pnpmfile', '--ignore-pnpmfile'],
    // The package would run before the run ends with 98.
    ['dlx --ignore-pnpmfile tool', '--ignore-pnpmfile'],
    ['create --package x --config.ignorePnpmfile=true tool', '--config.ignorePnpmfile=true'],
    ['dlx -c -config.ignore_pnpmfile tool', '-config.ignore_pnpmfile'],
    ['-config.ignore-pnpmfile=true dlx tool', '-config.ignore-pnpmfile=true'],
    ['dlx --silent --config.global-pnpmfile=x tool', '--config.global-pnpmfile=x'],
  ])('finds in %s: %s', (line, found) => {
    expect(switchesGuardOff(words(line))).toBe(found);
  });

  test.each([
    'ignorePnpmfile=true',
    'ignore-pnpmfile',
    'ignore_pnpmfile=true',
    'ignore.pnpmfile=true',
    'IGNORE-PNPMFILE=true',
    'globalPnpmfile=x',
    'global_pnpmfile=',
    'manage-package-manager-versions=true',
    'managePackageManagerVersions=true',
    'manage_package_manager_versions=true',
    'pm-on-fail=download',
    'pmOnFail=download',
    'pm_on_fail=download',
    'dlx-cache-max-age=1440',
    'dlxCacheMaxAge=01',
  ])('finds --config.%s', (setting) => {
    const option = `--config.${setting}`;
    expect(switchesGuardOff(['install', option])).toBe(option);
    expect(switchesGuardOff([option, 'run', 'x'])).toBe(option);
  });

  test.each([
    '',
    'install',
    'install --no-ignore-pnpmfile',
    'install --ignore-pnpmfile=false',
    'install --config.ignorePnpmfile=false',
    'install --config.dlx-cache-max-age=0',
    'install --config.dlxCacheMaxAge=0',
    'install --pnpmfile=x.cjs',
    'install --pm-on-fail=ignore',
    'install --pm-on-fail ignore',
    '--pm-on-fail warn install',
    'install --config.pmOnFail=warn',
    'install --ignore-scripts --global --global-dir=x --modules-dir x --prod -D -P',
    'install --config.ignore-patch-failures=true',
    'install --x=--ignore-pnpmfile',
    'run x --ignore-pnpmfile',
    'run-script x --ignore-pnpmfile',
    'create x --ignore-pnpmfile',
    'exec tool --ignore-pnpmfile',
    'exec tool -- --ignore-pnpmfile',
    'exec -- tool --ignore-pnpmfile',
    'dlx tool --ignore-pnpmfile',
    'dlx --silent tool --ignore-pnpmfile',
    'dlx --package=x tool --ignore-pnpmfile',
    'dlx --allow-build=x tool --ignore-pnpmfile',
    'dlx --reporter silent tool --ignore-pnpmfile',
    'dlx -c tool --ignore-pnpmfile',
    'dlx --config.ignore-pnpmfile=false tool',
    'dlx -- tool --ignore-pnpmfile',
    '--filter x exec tool --ignore-pnpmfile',
    'install -- --ignore-pnpmfile',
    'test --ignore-pnpmfile',
    't --pm x',
    '--silent start --config.ignore-pnpmfile=true',
    'add ignore-pnpmfile my-ignore-pnpmfile',
    'add global-pnpmfile=x pmonfail',
  ])('does not find it in "%s"', (line) => {
    expect(switchesGuardOff(words(line))).toBeUndefined();
  });
});

describe('choosesPnpmCheck', () => {
  test.each([
    'install --pm-on-fail=ignore',
    'install --pm-on-fail=error',
    'install --pm-on-fail warn',
    '--pm-on-fail ignore install',
    '--pm-on-fail=ignore run x',
    'install --config.pmOnFail=warn',
    'install --config.pm-on-fail=warn',
  ])('is true of %s', (line) => {
    expect(choosesPnpmCheck(words(line))).toBe(true);
  });

  // What is taken for a choice by mistake leaves pnpm to download what the project names.
  test.each([
    'install',
    'install --pm-on-fail=download',
    'install --pm-on-fail=ignored',
    'install --pm-on-fail --ignore',
    'install --config.pm-on-fail ignore',
    'install --x--pm-on-fail=ignore',
    'install --x=--pm-on-fail ignore',
    'run x --pm-on-fail=ignore',
    'exec tool --pm-on-fail ignore',
    'install -- --pm-on-fail=ignore',
    'add pm-on-fail=ignore',
  ])('is false of %s', (line) => {
    expect(choosesPnpmCheck(words(line))).toBe(false);
  });
});
