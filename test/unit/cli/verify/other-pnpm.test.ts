import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { otherPnpm } from '../../../../packages/cli/src/guard-trials/wanted-manager.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFiles } from '../../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

const write = (files: Readonly<Record<string, string>>): void => putFiles(root, files);

describe('a pnpm that would run another version of itself', () => {
  const other = (env: NodeJS.ProcessEnv = {}): string | undefined => {
    const program = join(root, 'pnpm/bin/pnpm.cjs');
    const where = { cwd: root, env: { HOME: '/nowhere', ...env } };
    return otherPnpm(program, where);
  };
  beforeEach(() => {
    write({ 'pnpm/package.json': '{"name":"pnpm","version":"11.0.0"}', 'pnpm/bin/pnpm.cjs': '' });
  });

  it.each([
    ['{"packageManager":"pnpm@11.0.1+sha512.00"}'],
    ['{"packageManager":"pnpm@11.0.1"}'],
    ['{"devEngines":{"packageManager":{"name":"pnpm","version":"11.0.1","onFail":"download"}}}'],
    ['{"devEngines":{"packageManager":{"name":"pnpm","version":"11.0.1"}}}'],
    [
      '{"packageManager":"pnpm@11.0.0","devEngines":{"packageManager":{"name":"pnpm","version":"11.0.1"}}}',
    ],
    [
      '{"devEngines":{"packageManager":[{"name":"npm"},{"name":"pnpm","version":"11.0.1","onFail":"download"}]}}',
    ],
  ])('is known by %s', (manifest) => {
    write({ 'package.json': manifest });
    expect(other()).toMatch(/names pnpm 11\.0\.1, and this is pnpm 11\.0\.0/);
  });

  it('is named by the root of the workspace, and by none of its packages', () => {
    write({
      'pnpm-workspace.yaml': 'packages: [a]\n',
      'package.json': '{"packageManager":"pnpm@11.0.1"}',
      'a/package.json': '{"packageManager":"pnpm@11.0.0"}',
    });
    const program = join(root, 'pnpm/bin/pnpm.cjs');
    const from = (folder: string): string | undefined =>
      otherPnpm(program, { cwd: join(root, folder), env: { HOME: '/nowhere' } });
    expect([from('a'), from('.')]).toEqual([other(), other()]);
    expect(other()).toContain('names pnpm 11.0.1');
  });

  it.each([
    ['{"packageManager":"pnpm@11.0.0+sha512.00"}'],
    ['{"packageManager":"pnpm@11.0.0"}'],
    ['{"packageManager":"yarn@4.0.0"}'],
    ['{"packageManager":"pnpm@^11.0.1"}'],
    ['{"packageManager":"pnpm@https://host.example/pnpm-11.0.1.tgz"}'],
    ['{"devEngines":{"packageManager":{"name":"pnpm","version":"11.0.1","onFail":"error"}}}'],
    ['{"devEngines":{"packageManager":[{"name":"npm"},{"name":"pnpm","version":"11.0.1"}]}}'],
    ['{"devEngines":{"packageManager":{"name":"pnpm","version":"^11.0.0"}}}'],
    [
      '{"packageManager":"pnpm@11.0.1","devEngines":{"packageManager":{"name":"pnpm","version":"11"}}}',
    ],
    ['{}'],
  ])('is not meant by %s', (manifest) => {
    write({ 'package.json': manifest });
    expect(other()).toBeUndefined();
  });

  it('is told from a release by its prerelease', () => {
    write({ 'package.json': '{"packageManager":"pnpm@11.0.0-rc.1+sha512.00"}' });
    expect(other()).toContain('names pnpm 11.0.0-rc.1, and this is pnpm 11.0.0');
  });

  it('is not meant where a setting or a variable keeps it the same', () => {
    write({ 'package.json': '{"packageManager":"pnpm@11.0.1"}' });
    expect(other({ pnpm_config_pm_on_fail: 'download' })).toBeDefined();
    expect(other({ pnpm_config_pm_on_fail: 'ignore' })).toBeUndefined();
    write({ 'pnpm-workspace.yaml': 'pmOnFail: error\n' });
    expect(other()).toBeUndefined();
    // No value of another setting counts, whatever it looks like.
    write({ 'pnpm-workspace.yaml': 'pnpmfile: ./pmOnFail=ignore.cjs\n' });
    expect(other()).toBeDefined();
    // pnpm 11 does not know this one.
    write({ 'pnpm-workspace.yaml': 'managePackageManagerVersions: false\n' });
    expect(other({ npm_config_manage_package_manager_versions: 'false' })).toBeDefined();
    write({ 'pnpm-workspace.yaml': '', '.npmrc': 'manage-package-manager-versions=false\n' });
    expect(other()).toBeDefined();
  });
});
