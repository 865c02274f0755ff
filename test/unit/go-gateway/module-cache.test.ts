/** What lies in go's module cache and is no file of go's own making. */
import { execFileSync } from 'node:child_process';
import { symlinkSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf, modfileOf } from '../../../packages/go-gateway/src/arguments.ts';
import { readPins, usedFolders, ziphashOf } from '../../../packages/go-gateway/src/checksums.ts';
import { cachedZips, ModuleCacheError } from '../../../packages/go-gateway/src/module-cache.ts';
import { readRegularFile } from '../../../packages/host/src/go/regular-file.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFile } from '../../support/put-file.ts';

const SUM = `h1:${'A'.repeat(43)}=`;
let root: string;
freshFolder((made) => (root = made));

const write = (file: string, text: string | Buffer): string => putFile(join(root, file), text);

describe('the zips of the cache', () => {
  it('are found however deep', () => {
    const path = `e.com${'/a'.repeat(300)}`;
    write(`cache/download/${path}/@v/v1.0.0.zip`, '');
    expect(cachedZips(root)).toMatchObject([{ path, version: 'v1.0.0', isRegular: true }]);
  });

  it('are none where there is no cache', () => {
    expect(cachedZips(root)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('are shown as what they are', () => {
    const zip = write('cache/download/e.com/@v/v1.0.0.zip', '');
    symlinkSync(zip, join(dirname(zip), 'v1.0.1.zip'));
    expect(cachedZips(root).map(({ version, isRegular }) => [version, isRegular])).toEqual(
      expect.arrayContaining([
        ['v1.0.0', true],
        ['v1.0.1', false],
      ]),
    );
  });

  it.skipIf(process.platform === 'win32').each(['.', '/proc/self/cwd', 'loop'])(
    'cannot be listed with a link to a folder: %s',
    (target) => {
      write('cache/download/e.com/@v/v1.0.0.zip', '');
      symlinkSync(target, join(root, 'cache/download/loop'));
      expect(() => cachedZips(root)).toThrow(ModuleCacheError);
    },
  );
});

describe('a file of the cache', () => {
  it.skipIf(process.platform === 'win32')('is not read where it is a link or a fifo', () => {
    const file = write('file', 'text');
    const [link, fifo] = [join(root, 'link'), join(root, 'fifo')];
    symlinkSync(file, link);
    execFileSync('mkfifo', [fifo]);
    expect(readRegularFile(file, { bytesMax: 4 }).toString()).toBe('text');
    expect(readRegularFile(link, { bytesMax: 4, follow: true }).toString()).toBe('text');
    for (const one of [link, fifo])
      expect(() => readRegularFile(one, { bytesMax: 4 })).toThrow('not a regular file');
  });

  it('is not read where it is too long', () => {
    const file = write('file', '');
    truncateSync(file, 2 ** 40);
    expect(() => readRegularFile(file, { bytesMax: 10 })).toThrow('more than 10 bytes');
  });
});

describe('a .ziphash', () => {
  const noted = (text: string): string | undefined => {
    write('v1.ziphash', text);
    return ziphashOf(join(root, 'v1.zip'));
  };

  it.each([SUM, ` ${SUM}\n`, `\u0085${SUM}\u00A0`])('is read as go trims it: %j', (text) => {
    expect(noted(text)).toBe(SUM);
  });

  it.each(['', '\0'.repeat(47), SUM.slice(1), `${SUM}x`])('is made anew by go: %j', (text) => {
    expect(noted(text)).toBeUndefined();
  });

  it('that is longer than is read is not absent', () => {
    expect(() => noted(`${' '.repeat(5000)}${SUM}`)).toThrow('could not be read');
    expect(ziphashOf(join(root, 'none.zip'))).toBeUndefined();
  });
});

describe('go.sum', () => {
  it('is that of each module of a workspace', () => {
    const GOWORK = write('go.work', 'go 1.21\nuse ./a // one\nuse (\n\t"./b"\n)\n');
    for (const name of ['a', 'b']) write(`${name}/go.sum`, `e.com/${name} v1.0.0 ${SUM}\n`);
    write('go.work.sum', `e.com/w v1.0.0 ${SUM}\n`);
    const pins = readPins({ GOMOD: join(root, 'a/go.mod'), GOWORK });
    expect([...pins.keys()].toSorted()).toEqual(
      ['a', 'b', 'w'].map((one) => `e.com/${one} v1.0.0`),
    );
    expect(usedFolders('use (\n)\nreplace x => ./y\n')).toEqual([]);
  });

  it('is beside the file of -modfile', () => {
    write('other.sum', `e.com/m v1.0.0 ${SUM}\n`);
    const GOMOD = write('go.mod', '');
    expect(readPins({ GOMOD, GOWORK: '' }, join(root, 'other.mod')).size).toBe(1);
    expect(readPins({ GOMOD, GOWORK: '' }).size).toBe(0);
  });

  it.each([
    [['build', '-modfile=x.mod'], '', 'x.mod'],
    [['build', '--modfile', 'x.mod'], '-modfile=y.mod', 'x.mod'],
    [['build'], "-mod=mod '-modfile=y.mod'", 'y.mod'],
    [['build'], `"-modfile=a b.mod" -x`, 'a b.mod'],
    [['build'], `-x=-modfile=y.mod '-tags=a -modfile=y.mod'`, undefined],
    [['build'], `-modfile="y.mod"`, '"y.mod"'],
    [['build'], '', undefined],
  ])('%j with GOFLAGS %j', (args, goflags, expected) => {
    expect(modfileOf(args, goflags)).toBe(expected);
  });

  it.each([
    [['-C', 'sub', 'build'], 'sub'],
    [['build', '-C=sub'], 'sub'],
    [['mod', 'download', '-C', 'sub'], 'sub'],
    [['run', 'main.go', '-C', 'sub'], undefined],
    [['build', '-v', '-C', 'sub'], undefined],
  ])('%j is run in %s', (args, expected) => {
    expect(folderOf(args)).toBe(expected);
  });
});
