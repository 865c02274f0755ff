/** What the models of gem and go say, each as measured with the real client. */
import { describe, expect, test } from 'vitest';
import { viewsOf } from '../../../packages/explain/src/readers/views-of.ts';
import { MODULE, seenBy } from '../../support/client-views.ts';
import { gzip } from '../../support/gzip.ts';
import { archive, end, entry, pax } from '../../support/tar.ts';
import { zip, zipSymlink, type ZipEntry, type ZipOptions } from '../../support/zip.ts';

describe('gems', () => {
  const gem = (data: Buffer, ...more: Buffer[]): Buffer =>
    archive(
      entry({ name: 'metadata.gz', body: gzip(Buffer.from('--- {}\n')) }),
      entry({ name: 'data.tar.gz', body: data }),
      ...more,
      end(),
    );
  const of = (...entries: Buffer[]): string[] =>
    seenBy('gem', 'fixture-1.0.0.gem', gem(gzip(archive(...entries, end()))))['gem'] ?? [];
  const file = entry({ name: 'lib/a.rb', body: 'x' });

  test('leaves out hard links and pipes, and deletes what an extended header is named after', () => {
    expect(of(file, entry({ name: 'b', typeflag: '1', linkname: 'lib/a.rb' }))).toEqual([
      'lib/a.rb 644',
      'b lost',
    ]);
    expect(of(file, pax({ path: 'x' }, { name: 'lib/a.rb' }))).toEqual(['lib/a.rb lost']);
  });

  test('makes links inside, if they lead to something', () => {
    const link = (linkname: string): Buffer => entry({ name: 'l', typeflag: '2', linkname });
    expect(of(link('lib/a.rb'), file)).toEqual(['l -> lib/a.rb', 'lib/a.rb 644']);
    expect(of(link('nothing'), file)).toEqual(['lib/a.rb 644', 'l lost']);
    expect(of(link('../../x'), file)).toEqual(['error: a link leads outside']);
  });

  test('keeps modes, also setuid', () => {
    expect(of(entry({ name: 'run', body: 'x', mode: 0o106755 }))).toEqual(['run 6755']);
  });

  test.each(['/x', '../x', '~root/x', '../fixture-1.0.0-evil/x'])('stops at %s', (name) => {
    expect(of(entry({ name, body: 'x' }))).toEqual(['error: an entry would be written outside']);
  });

  test('checks its checksums, and that nothing is in it twice', () => {
    const data = gzip(archive(file, end()));
    const sums = entry({
      name: 'checksums.yaml.gz',
      body: gzip(Buffer.from(`---\nSHA256:\n  data.tar.gz: ${'0'.repeat(64)}\n`)),
    });
    const why = (bytes: Buffer): string[] => seenBy('gem', 'a.gem', bytes)['gem'] ?? [];
    expect(why(gem(data, sums))).toEqual(['error: a checksum does not fit']);
    expect(why(gem(data, entry({ name: 'data.tar.gz', body: data })))).toEqual([
      'error: a file is in it twice',
    ]);
    expect(why(gzip(archive(file, end())))).toEqual([expect.stringMatching(/^error: /)]);
  });
});

describe('modules of Go', () => {
  const of = (entries: readonly ZipEntry[], how: ZipOptions = {}): string[] =>
    seenBy(
      'gomod',
      'v1.0.0.zip',
      zip([{ name: `${MODULE}/go.mod`, body: 'x' }, ...entries], how),
      /^go\.mod$/,
    )['go'] ?? [];
  const at = (name: string, more: Omit<ZipEntry, 'name'> = {}): ZipEntry => ({
    name: `${MODULE}/${name}`,
    body: 'x',
    ...more,
  });

  test('links are files, flags of encryption are not seen, the directory has the name', () => {
    expect(of([zipSymlink(`${MODULE}/link`, '../../x')])).toEqual(['link 444']);
    expect(of([at('a', { flags: 1 })])).toEqual(['a 444']);
    expect(of([at('a', { local: { name: `${MODULE}/b` } })])).toEqual(['a 444']);
  });

  test.each<[string, ZipEntry[], string]>([
    [
      'another folder',
      [{ name: 'x@v1.0.0/a', body: 'x' }],
      'a file is not in the folder of the module',
    ],
    ['a path that climbs', [at('a/../x')], 'a path has "..", "." or "//" in it'],
    ['one file twice', [at('a'), at('a')], 'one file is in it twice'],
    ['names of two cases', [at('a'), at('A')], 'two names differ in nothing but case'],
    ['a file as a folder', [at('a'), at('a/b')], 'a file and a folder have one name'],
    ['a go.mod below', [at('b/go.mod')], 'a go.mod is not in the first folder, or of another case'],
    ['a name of Windows', [at('aux.go')], 'a name is reserved on Windows'],
    ['a quote', [at("it's")], 'a name has a character that is not allowed'],
    ['a trailing dot', [at('a.')], 'a name ends in a dot'],
    ['a wrong checksum', [at('a', { crc: 1 })], 'the checksum of an entry does not fit'],
    [
      'another method',
      [at('a', { method: 12 })],
      'an entry is compressed by a method that is not known',
    ],
  ])('stops at %s', (_what, entries, why) => {
    expect(of(entries)).toEqual([`error: ${why}`]);
  });
});

test('no other format has views', () => {
  expect(viewsOf('yarn-zip', { bytes: Buffer.alloc(0), fileName: 'a.zip' })).toBeUndefined();
});

test.each(['sdist', 'wheel', 'gem', 'gomod'])('nothing is an error, and no crash: %s', (format) => {
  const fileName = format === 'wheel' ? 'a-1-py3-none-any.whl' : 'a-1.tar.gz';
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.alloc(1),
    Buffer.alloc(1024),
    Buffer.from('PK\x05\x06'),
  ])
    for (const { outcome } of viewsOf(format, { bytes, fileName }) ?? [])
      expect(outcome).toBe('error');
});
