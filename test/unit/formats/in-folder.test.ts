/** A tarball of which a client installs one folder: the manifest of the folder counts, and all files of the archive. */
import { expect, it } from 'vitest';
import { inspectInFolder } from '@tarwarden/core/npm';
import { tgz } from '../../support/pkg.ts';
import { end, entry } from '../../support/tar.ts';

const manifest = (fields: object = {}): string =>
  JSON.stringify({ name: 'inner', version: '1.0.0', ...fields });
const escaping = { bin: { evil: '../../evil' } };
const rulesOf = (bytes: Buffer, folder = 'deep/sub'): string[] =>
  inspectInFolder(bytes, folder).findings.map(({ rule }) => rule);

it.each([
  ['a root that is a package', { name: 'root' }],
  ['a root whose command leads out', escaping],
  ['a root without a package', null],
])('accepts a clean folder below %s', (_, root) => {
  const bytes = tgz({ manifest: root, files: { 'deep/sub/package.json': manifest() } });
  const verdict = inspectInFolder(bytes, 'deep/sub');
  expect(verdict).toMatchObject({ status: 'accept', format: 'npm' });
  expect(verdict.archive.compressedBytes).toBe(bytes.length);
});

it('reports a command of the folder that leads out of it, by the whole path', () => {
  const bytes = tgz({ files: { 'deep/sub/package.json': manifest(escaping) } });
  expect(inspectInFolder(bytes, 'deep/sub')).toMatchObject({ status: 'reject' });
  expect(rulesOf(bytes)).toEqual(['manifest-escapes']);
});

it('finds the commands of the folder in it', () => {
  const files = { 'deep/sub/package.json': manifest({ bin: 'run.js' }), 'deep/sub/run.js': '1' };
  expect(rulesOf(tgz({ files }))).toEqual([]);
});

it.each(['deep', 'deep/su', 'elsewhere'])('reports that there is no package in %s', (folder) => {
  const bytes = tgz({ files: { 'deep/sub/package.json': manifest() } });
  expect(rulesOf(bytes, folder)).toEqual(['manifest-unreadable']);
});

it.each(['deep/sub/link', 'other/link'])('rejects a link at %s', (path) => {
  const bytes = tgz({
    files: { 'deep/sub/package.json': manifest() },
    tail: [entry({ name: `package/${path}`, typeflag: '2', linkname: '../../x' }), end()],
  });
  expect(rulesOf(bytes)).toContain('symlink');
});
