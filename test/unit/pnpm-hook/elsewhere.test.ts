import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkProject } from '../../../packages/pnpm-hook/src/check/self-check.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFiles } from '../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

const VERSIONS: Readonly<Record<string, string>> = {
  10: 'pnpm@10.34.8',
  11: 'pnpm@11.28.10',
  12: 'pnpm@12.21.0',
};

/** Problems of a project with these files, beside the missing hook. */
function found(files: Readonly<Record<string, string>>, major?: string): string[] {
  const named = major === undefined ? '{}' : `{"packageManager":"${VERSIONS[major]}"}`;
  putFiles(root, { 'package.json': named, ...files });
  return checkProject(root, { HOME: join(root, 'home') }).flatMap(({ code }) =>
    code === 'hook-missing' ? [] : [code],
  );
}

const WORKSPACE = 'pnpm-workspace.yaml';

describe('settings that make pnpm load the pnpmfile from elsewhere', () => {
  it.each([
    [{ [WORKSPACE]: 'lockfileDir: ./l\n' }, undefined, 'pnpmfile-elsewhere'],
    [{ [WORKSPACE]: 'lockfileDir: /elsewhere\n' }, '12', 'pnpmfile-elsewhere'],
    [{ '.npmrc': 'lockfile-dir=..\n' }, '10', 'pnpmfile-elsewhere'],
    [{ [WORKSPACE]: 'sharedWorkspaceLockfile: false\n' }, undefined, 'pnpmfile-elsewhere'],
    [{ [WORKSPACE]: 'sharedWorkspaceLockfile: false\n' }, '11', 'pnpmfile-elsewhere'],
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
    ['kebab case', { [WORKSPACE]: 'ignore-pnpmfile: true\n' }, ''],
    ['capitals in .npmrc', { '.npmrc': 'ignorePnpmfile=true\n' }, ''],
    ['package.json', { 'other.json': '' }, ''],
    ['config.yaml', { 'home/.config/pnpm/config.yaml': 'ignorePnpmfile: true\n' }, ''],
  ])('%s', (_, files, majors) => {
    const off = Object.keys(VERSIONS).filter((major) =>
      found(files, major).includes('pnpmfile-ignored'),
    );
    expect(off.join(' ')).toBe(majors);
  });
});
