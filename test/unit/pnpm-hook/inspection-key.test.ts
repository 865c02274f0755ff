/** Two sources share one inspection only where everything that decides about the bytes is the same. */
import { expect, it } from 'vitest';
import { inspectionKey, type PnpmSource } from '../../../packages/pnpm-hook/src/source.ts';

const expected = { name: 'a', version: '1.0.0' };
const download: PnpmSource = {
  kind: 'download',
  id: 'a@1.0.0',
  url: 'https://host.example/a.tgz',
  integrity: 'sha512-x',
  expected,
};
const commit: PnpmSource = {
  kind: 'git',
  id: 'a',
  repo: 'https://host.example/a',
  commit: 'c',
  folder: 'first',
};
const file: PnpmSource = { kind: 'file', id: 'a', path: '/a.tgz', integrity: 'sha512-x' };

it.each<[string, PnpmSource, PnpmSource]>([
  ['address', download, { ...download, url: 'https://host.example/b.tgz' }],
  ['integrity of a download', download, { ...download, integrity: 'sha512-y' }],
  ['expected name', download, { ...download, expected: { ...expected, name: 'b' } }],
  ['expected version', download, { ...download, expected: { ...expected, version: '1.0.1' } }],
  ['repository', commit, { ...commit, repo: 'https://host.example/b' }],
  ['commit', commit, { ...commit, commit: 'd' }],
  ['folder of a commit', commit, { ...commit, folder: 'second' }],
  ['folder of a download', download, { ...download, folder: 'first' }],
  ['path', file, { ...file, path: '/b.tgz' }],
  ['integrity of a file', file, { ...file, integrity: 'sha512-y' }],
  ['kind', { kind: 'download', id: 'a', url: 'file:/a' }, { kind: 'file', id: 'a', path: '/a' }],
])('a source with another %s is another source', (_, one, other) => {
  expect(inspectionKey(one)).toBe(inspectionKey({ ...one }));
  expect(inspectionKey(one)).not.toBe(inspectionKey(other));
});

it('a source with another id alone is the same source', () => {
  expect(inspectionKey({ ...commit, id: 'b' })).toBe(inspectionKey(commit));
});

it('a commit without a folder is not one with an empty name', () => {
  const { folder: _, ...whole } = commit;
  expect(inspectionKey(whole as PnpmSource)).not.toBe(inspectionKey(commit));
});
