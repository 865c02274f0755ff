/** The zips in go's module cache, and the folders in which a go command works. */
import { execFileSync } from 'node:child_process';
import { symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOf } from '../../../packages/clients/src/go/command-line.ts';
import { moduleFolders, usedFolders } from '../../../packages/go-gateway/src/go-settings.ts';
import { cachedZips } from '../../../packages/go-gateway/src/module-cache.ts';
import { readRegularFile } from '../../../packages/guard/src/fetch/go/regular-file.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFile } from '../../support/put-file.ts';

let root: string;
freshFolder((made) => (root = made));

const write = (file: string, text: string | Buffer): string => putFile(join(root, file), text);

describe('the zips of the cache', () => {
  it('are found however deep', () => {
    const path = `e.com${'/a'.repeat(300)}`;
    write(`cache/download/${path}/@v/v1.0.0.zip`, '');
    expect(cachedZips(root)).toMatchObject([{ path, version: 'v1.0.0' }]);
  });

  it('are none where there is no cache', () => {
    expect(cachedZips(root)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32').each(['.', '/proc/self/cwd', 'loop'])(
    'cannot be listed with a link to a folder: %s',
    (target) => {
      write('cache/download/e.com/@v/v1.0.0.zip', '');
      symlinkSync(target, join(root, 'cache/download/loop'));
      expect(() => cachedZips(root)).toThrow('is a link; go makes none there');
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

describe('the folder of a command', () => {
  it('is that of each module of a workspace', () => {
    const GOWORK = write('go.work', 'go 1.21\nuse ./a // one\nuse (\n\t"./b"\n)\n');
    const folders = moduleFolders({ GOMOD: join(root, 'a/go.mod'), GOWORK });
    expect(folders).toEqual([join(root, 'a'), join(root, 'b')]);
    expect(usedFolders('use (\n)\nreplace x => ./y\n')).toEqual([]);
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
