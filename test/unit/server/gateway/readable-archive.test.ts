import { bzip2Like, textTar } from './archives-in-text.ts';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isReadableArchive } from '../../../../packages/server/src/gateway/readable-archive.ts';
import { moduleZip } from '../../../support/go/module-zip.ts';

describe('what a client could unpack', () => {
  const zip = moduleZip({ module: 'example.org/m@v1.0.0' });

  it.each<[string, Buffer]>([
    ['a gzip', gzipSync('x')],
    ['a zip', zip],
    ['a zip with something before it', Buffer.concat([Buffer.from('module example.org/m\n'), zip])],
    ['a tar of printable characters', textTar('// a comment\n')],
    ['a tar in its second block', Buffer.concat([Buffer.alloc(512, '/'), textTar('x')])],
    ['bzip2', bzip2Like],
    ['xz', Buffer.from('fd377a585a000004', 'hex')],
    ['zstd', Buffer.from('28b52ffd00', 'hex')],
    ['lzip', Buffer.from('LZIP\u0001')],
    ['lzma', Buffer.from('5d00008000ff', 'hex')],
  ])('%s is', (_, bytes) => {
    expect(isReadableArchive(bytes)).toBe(true);
  });

  it.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['a go.mod', Buffer.from('module example.org/m\n\ngo 1.21\n')],
    ['digests', Buffer.from('1f8b'.padEnd(64, 'a7'), 'hex')],
    ['a long text', Buffer.from('v1.0.0\n'.repeat(10_000))],
    ['text about bzip2', Buffer.from('BZh is how it begins')],
  ])('%s is not', (_, bytes) => {
    expect(isReadableArchive(bytes)).toBe(false);
  });
});
