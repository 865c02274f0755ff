/** What `tarwarden audit --store` says of entries without a hash in pnpm's store, and of links in the caches of pnpm and pip. */
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@tarwarden/core';
import { expect, it } from 'vitest';
import {
  linkedNeighbours,
  linkedPackages,
  pnpmStores,
} from '../../../packages/audit/src/store/pnpm-store.ts';
import { pipStore } from '../../../packages/audit/src/store/pip-store.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFile, putFiles } from '../../support/put-file.ts';
import { FILES, said, taskOf } from './stored-packages.ts';

let folder: string;
freshFolder((made) => (folder = made));

const COMMIT = 'c'.repeat(40);

it.each([
  [
    'a commit',
    { type: 'git', url: 'https://x.example/o/r.git', commit: COMMIT },
    `git+https+++x.example+o+r.git+${COMMIT}`,
  ],
  [
    'an archive of a commit',
    { type: 'url', url: `https://codeload.github.com/o/r/tar.gz/${COMMIT}` },
    `https+++codeload.github.com+o+r+tar.gz+${COMMIT}`,
  ],
  ['an address', { type: 'url', url: 'https://x.example/A.tgz' }, 'https+++x.example+A.tgz'],
  [
    'a long address',
    { type: 'url', url: 'https://x.example/A.tgz' },
    `https+++x.exa_${'0'.repeat(32)}`,
  ],
] as const)('an entry of pnpm’s store for %s without a hash is not clean', (_, source, name) => {
  const [{ locked, ...entry }] = taskOf('pnpm-lock', { source });
  const { integrity: _pinned, ...unpinned } = locked;
  const stores = (): string[] =>
    pnpmStores(folder).flatMap((store) => said(store, [{ ...entry, locked: unpinned }], []));
  putFile(join(folder, 'v10/index/00/0.json'), '{}');
  putFile(join(folder, 'v10/git+https+++y.example+z/integrity.json'), '{}');
  expect(stores()).toEqual([]);
  putFile(join(folder, 'v10', name, 'integrity.json'), '{}');
  expect(stores()).toEqual([expect.stringMatching(/^unknown: .*has no hash for the package/)]);
});

it('links on the way to a package of the global virtual store do not hide it', () => {
  const at = join(folder, 'v11/links/@/a/1.0.0');
  putFiles(join(at, '0123/node_modules/a'), FILES);
  const tasks = [taskOf('pnpm-lock', {}), taskOf('pnpm-lock', { version: '..' })];
  expect(linkedPackages(folder, tasks)).toHaveLength(1);
  for (const path of [join(at, '0123'), at, join(folder, 'v11/links/@'), join(folder, 'v11')]) {
    renameSync(path, `${path}.real`);
    symlinkSync(`${path}.real`, path);
    expect(linkedPackages(folder, tasks).map(({ version }) => version)).toContain('1.0.0');
  }
});

it('dependencies in the global virtual store are links to locked packages', () => {
  const at = join(folder, 'v11/links/@/a/1.0.0/0123/node_modules');
  const b = join(folder, 'v11/links/@/b/1.0.0/0123/node_modules/b');
  putFiles(join(at, 'a'), FILES);
  putFiles(b, FILES);
  symlinkSync(b, join(at, 'b'));
  const neighbours = (...names: string[]): string[] => {
    const tasks = names.map((name) => taskOf('pnpm-lock', { name }));
    return said(linkedNeighbours(linkedPackages(folder, tasks)), tasks[0]!, []);
  };
  expect(neighbours('a', 'b')).toEqual([]);
  expect(neighbours('a')).toEqual([expect.stringMatching(/^unknown: .*no package of the store/)]);
  putFiles(join(at, '@x/c'), FILES);
  expect(neighbours('a', 'b')).toEqual([expect.stringMatching(/^error: .*c is not a link/)]);
});

it.each(['wheels', 'wheels/aa', 'wheels/aa/bb/cc/dd'])(
  'a link in place of %s does not hide a wheel',
  (path) => {
    putFile(join(folder, 'wheels/aa/bb/cc/dd/a-1.0.0-py3-none-any.whl'), 'wheel');
    renameSync(join(folder, path), join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), join(folder, path));
    const store = pipStore(folder, { config: { indexes: [] } as never, limits: DEFAULT_LIMITS });
    const task = taskOf('requirements', {
      ecosystem: 'pypi',
      source: { type: 'folder', path: '' },
    });
    expect(said(store, task, [])).toEqual([
      expect.stringMatching(/^unknown: .*pip built this wheel/),
    ]);
  },
);
