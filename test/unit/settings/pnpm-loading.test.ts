/** Settings that keep pnpm from loading the pnpmfile of a project. */
import { join } from 'node:path';
import { clientContext, PNPM_VERSIONS, pnpmLoading } from '@tarwarden/settings';
import { describe, expect, it } from 'vitest';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFiles } from '../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

const VERSIONS: Readonly<Record<string, string>> = {
  10: '10.34.8',
  11: '11.28.10',
  12: '12.21.0',
};

/** Kinds of obstacles in a project with these files. */
function found(
  files: Readonly<Record<string, string>>,
  major?: string,
  env: Readonly<Record<string, string>> = {},
): string[] {
  putFiles(root, { 'package.json': '{}', ...files });
  const where = clientContext({ folder: root, env: { HOME: join(root, 'home'), ...env } });
  const versions = major === undefined ? PNPM_VERSIONS : [VERSIONS[major]!];
  const obstacles = versions.flatMap((version) =>
    pnpmLoading(version, where).flatMap((loading) => loading.obstacles),
  );
  return [...new Set(obstacles.map(({ kind }) => kind))];
}

const WORKSPACE = 'pnpm-workspace.yaml';

describe('settings that make pnpm load the pnpmfile from elsewhere', () => {
  it.each([
    [{ [WORKSPACE]: 'lockfileDir: ./l\n' }, undefined, 'elsewhere'],
    [{ [WORKSPACE]: 'lockfileDir: /elsewhere\n' }, '12', 'elsewhere'],
    [{ '.npmrc': 'lockfile-dir=..\n' }, '10', 'elsewhere'],
    [{ [WORKSPACE]: 'sharedWorkspaceLockfile: false\n' }, undefined, 'in-each-package'],
    [{ [WORKSPACE]: 'sharedWorkspaceLockfile: false\n' }, '11', 'in-each-package'],
    [{ [WORKSPACE]: 'include: {./more.yaml: "*"}\n' }, undefined, 'settings-elsewhere'],
    [{ [WORKSPACE]: 'include: [./more.yaml]\n' }, '12', 'settings-elsewhere'],
  ])('are found: %j for pnpm %s', (files, major, code) => {
    expect(found(files, major)).toEqual([code]);
  });

  it.each([
    [{ [WORKSPACE]: 'lockfileDir: ./\n' }, '11'],
    [{ [WORKSPACE]: 'lockfile-dir: ./l\n' }, undefined],
    [{ '.npmrc': 'lockfile-dir=./l\n' }, '11'],
    [{ [WORKSPACE]: 'sharedWorkspaceLockfile: true\n' }, '11'],
    [{ [WORKSPACE]: 'sharedWorkspaceLockfile: false\n' }, '10'],
    [{ [WORKSPACE]: 'sharedWorkspaceLockfile: false\n' }, '12'],
    [{ [WORKSPACE]: 'include: {./more.yaml: "*"}\n' }, '11'],
    [{ [WORKSPACE]: 'includeWorkspaceRoot: true\noverrides: {include: "1"}\n' }, '12'],
  ])('are not seen in %j for pnpm %s', (files, major) => {
    expect(found(files, major)).toEqual([]);
  });
});

describe('settings that switch the pnpmfile off', () => {
  it.each<[string, Record<string, string>, string]>([
    ['a merge key', { [WORKSPACE]: 'x: &x {ignorePnpmfile: true}\n<<: *x\n' }, '10 11 12'],
    ['a merged list', { [WORKSPACE]: '<<: [{a: b}, {ignorePnpmfile: true}]\n' }, '10 11 12'],
    ['a variable in the name', { [WORKSPACE]: 'ignore${NONE-Pnpmfile}: true\n' }, '10 11'],
    ['a text', { [WORKSPACE]: 'ignorePnpmfile: no\n' }, '10 11'],
    ['a word of YAML 1.1', { [WORKSPACE]: 'ignorePnpmfile: yes\n' }, '10 11 12'],
    ['a section that is none', { '.npmrc': '[x] \nignore-pnpmfile=true\n' }, '10'],
    ['a mark before a section', { '.npmrc': '\uFEFF[x]\nignore-pnpmfile=true\n' }, '10'],
    ['a section of that name', { '.npmrc': '[ignore-pnpmfile]\n' }, '10'],
    ['an empty value', { '.npmrc': 'ignore-pnpmfile=\n' }, '10'],
    ['a flow map', { [WORKSPACE]: '{ ignorePnpmfile: true }\n' }, '10 11 12'],
    ['an escape', { [WORKSPACE]: '"ignore\\u0050npmfile": true\n' }, '10 11 12'],
    ['a tag', { [WORKSPACE]: 'ignorePnpmfile: !!bool "true"\n' }, '10 11 12'],
    ['an anchor', { [WORKSPACE]: 'x: &a true\nignorePnpmfile: *a\n' }, '10 11 12'],
    ['a key in question form', { [WORKSPACE]: '? ignorePnpmfile\n: true\n' }, '10 11 12'],
    ['capitals', { [WORKSPACE]: 'ignorePnpmfile: TRUE\n' }, '10 11 12'],
    ['no value in .npmrc', { '.npmrc': 'ignore-pnpmfile\n' }, '10'],
    ['an override of that name', { [WORKSPACE]: 'overrides:\n  ignorePnpmfile: "true"\n' }, ''],
    ['kebab case', { [WORKSPACE]: 'ignore-pnpmfile: true\n' }, ''],
    ['capitals in .npmrc', { '.npmrc': 'ignorePnpmfile=true\n' }, ''],
    ['package.json', { 'other.json': '' }, ''],
    ['config.yaml', { 'home/.config/pnpm/config.yaml': 'ignorePnpmfile: true\n' }, ''],
  ])('%s', (_, files, majors) => {
    const off = Object.keys(VERSIONS).filter((major) => found(files, major).includes('ignored'));
    expect(off.join(' ')).toBe(majors);
  });

  it('a variable', () => {
    expect(found({}, undefined, { npm_config_ignore_pnpmfile: 'true' })).toEqual(['ignored']);
    expect(found({}, undefined, { npm_config_ignore_pnpmfile: 'false' })).toEqual([]);
  });

  it.each(['a: [\n', 'a: 1\n---\nignorePnpmfile: true\n'])('no YAML: %j', (text) => {
    expect(found({ [WORKSPACE]: text })).toEqual(['unreadable']);
  });
});
