/** Which programs a project uses. The others are not examined. */
import { describe, expect, it } from 'vitest';
import { usedPrograms } from '../../../packages/doctor/src/examine.ts';
import { findInLockfiles } from '../../../packages/doctor/src/find/lockfiles.ts';
import { putFiles } from '../../support/put-file.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { join } from 'node:path';

let folder: string;
freshFolder((made) => (folder = made));

function used(where = folder): string[] | undefined {
  const programs = usedPrograms([where]);
  return programs === undefined ? undefined : [...programs].toSorted();
}

describe('a project uses', () => {
  it.each([
    [['package.json'], ['npm']],
    [['package.json', 'package-lock.json'], ['npm']],
    [['package.json', 'pnpm-lock.yaml'], ['pnpm']],
    [['package.json', 'yarn.lock'], ['yarn']],
    [['package.json', 'bun.lock'], ['bun']],
    [
      ['package.json', 'package-lock.json', 'yarn.lock'],
      ['npm', 'yarn'],
    ],
    [['requirements-dev.txt'], ['python', 'uv']],
    [
      ['Gemfile', 'package.json'],
      ['npm', 'ruby'],
    ],
    [['go.mod'], ['go']],
  ])('%j: %j', (names, programs) => {
    putFiles(folder, Object.fromEntries(names.map((name) => [name, '{}'])));
    expect(used()).toEqual(programs);
  });

  it('what packageManager names, and not npm besides', () => {
    putFiles(folder, { 'package.json': { packageManager: 'pnpm@10.0.0' } });
    expect(used()).toEqual(['pnpm']);
  });

  it('what the root of its workspace says', () => {
    putFiles(folder, { 'pnpm-workspace.yaml': '', 'pnpm-lock.yaml': '', 'a/package.json': {} });
    expect(used(join(folder, 'a'))).toEqual(['pnpm']);
  });

  it('everything, if nothing says it', () => {
    putFiles(folder, { 'README.md': '' });
    expect(used()).toBeUndefined();
  });
});

it('the lockfile of a workspace is found from the folder of a package', () => {
  putFiles(folder, {
    'package.json': { workspaces: ['a'] },
    'package-lock.json': {
      lockfileVersion: 3,
      packages: { 'node_modules/tar': { version: '6.0.0' } },
    },
    'a/package.json': {},
    'a/requirements.txt': '',
  });
  const { components } = findInLockfiles({ folder: join(folder, 'a'), watches: () => true });
  expect(components).toMatchObject([{ name: 'tar', version: '6.0.0' }]);
});
