import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '@tarwarden/core/limits';
import { npmTarball } from '@tarwarden/core/npm';
import { folderDifference } from '../../../../packages/host/src/unpack/folder-difference.ts';
import { unpack } from '../../../../packages/host/src/unpack/unpack.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { tgz } from '../../../support/pkg.ts';
import { entry } from '../../../support/tar.ts';

const FILES = {
  'index.js': 'module.exports = 1;\n',
  'lib/empty.js': '',
  'lib/large.bin': 'x'.repeat(300_000),
};
const archive = tgz({ name: 'left-pad', files: FILES });

let root: string;
const at = (...parts: string[]): string => join(root, 'folder', ...parts);
freshFolder((fresh) => {
  root = fresh;
  unpack(archive, at());
});

function difference(bytes: Uint8Array = archive): string | undefined {
  return folderDifference(bytes, at(), {
    format: npmTarball,
    limits: DEFAULT_LIMITS,
    place: (path) => path.split('/').slice(1).join('/'),
    besides: ['.kept'],
    linksInside: '.bin',
  });
}

describe('a folder is what its archive unpacks to', () => {
  test('as it was unpacked', () => expect(difference()).toBeUndefined());

  test('with files that were made beside it, and links to commands', () => {
    writeFileSync(at('.kept'), '');
    mkdirSync(at('.bin'));
    symlinkSync('../index.js', at('.bin/relative'));
    symlinkSync(at('lib/empty.js'), at('.bin/absolute'));
    mkdirSync(at('an-empty-folder'));
    expect(difference()).toBeUndefined();
  });

  test('also where the archive has a file twice, with the same bytes', () => {
    const twice = [entry({ name: 'package/lib/empty.js', body: '' })];
    expect(difference(tgz({ name: 'left-pad', files: FILES, entries: twice }))).toBeUndefined();
  });
});

describe('a folder is not', () => {
  test.each<[string, () => void, RegExp]>([
    [
      'with a byte changed',
      () => writeFileSync(at('index.js'), 'module.exports = 2;\n'),
      /"index.js" is another/,
    ],
    [
      'with a late byte changed',
      () => writeFileSync(at('lib/large.bin'), `${'x'.repeat(299_999)}y`),
      /"lib\/large.bin" is another/,
    ],
    [
      'with a byte more',
      () => appendFileSync(at('lib/empty.js'), 'x'),
      /"lib\/empty.js" is another/,
    ],
    [
      'with a byte less',
      () => writeFileSync(at('lib/large.bin'), 'x'),
      /"lib\/large.bin" is another/,
    ],
    ['with a file less', () => rmSync(at('lib/empty.js')), /"lib\/empty.js" is missing/],
    ['with a file more', () => writeFileSync(at('lib/more.js'), ''), /"lib\/more.js" is not of it/],
    [
      'with a file below a name that is let pass',
      () => (mkdirSync(at('lib/x')), writeFileSync(at('lib/x/.kept'), '')),
      /\.kept" is not of it/,
    ],
    [
      'with a link for a file',
      () => (rmSync(at('index.js')), symlinkSync('lib/empty.js', at('index.js'))),
      /"index.js" is not a file/,
    ],
    [
      'with a link for a folder',
      () => (rmSync(at('lib'), { recursive: true }), symlinkSync('/etc', at('lib'))),
      /"lib" is not a file/,
    ],
    [
      'with a folder for a file',
      () => (rmSync(at('index.js')), mkdirSync(at('index.js'))),
      /"index.js" is missing/,
    ],
    [
      'with a command that leads out',
      () => (mkdirSync(at('.bin')), symlinkSync('../../x', at('.bin/x'))),
      /"\.bin\/x" is not a file/,
    ],
    [
      'with a file among the commands',
      () => (mkdirSync(at('.bin')), writeFileSync(at('.bin/x'), '')),
      /"\.bin\/x" is not of it/,
    ],
    ['that is not there', () => rmSync(at(), { recursive: true }), /cannot be read: ENOENT/],
  ])('%s', (_what, change, expected) => {
    change();
    expect(difference()).toMatch(expected);
  });

  test('with an archive that has a link, or cannot be read', () => {
    const link = [entry({ name: 'package/link', typeflag: '2', linkname: 'index.js' })];
    expect(difference(tgz({ name: 'left-pad', files: FILES, entries: link }))).toMatch(
      /"link" is missing/,
    );
    expect(difference(Buffer.from('no archive'))).toMatch(/is not of it|cannot be read/);
  });
});
