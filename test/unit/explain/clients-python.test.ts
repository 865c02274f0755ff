/** What the models of pip say, each as measured with the real client. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { viewsOf } from '../../../packages/explain/src/readers/views-of.ts';
import { seenBy } from '../../support/client-views.ts';
import { gzip } from '../../support/gzip.ts';
import { archive, end, entry, header, pax } from '../../support/tar.ts';
import { UNIX, zip, zipSymlink, type ZipEntry, type ZipOptions } from '../../support/zip.ts';

describe('sdists', () => {
  const top = 'fixture-1.0.0';
  const project = entry({ name: `${top}/pyproject.toml`, body: '' });
  const sdist = (...more: Buffer[]): Buffer => gzip(archive(project, ...more, end()));
  const of = (bytes: Buffer, fileName = `${top}.tar.gz`): Record<string, string[]> =>
    seenBy('sdist', fileName, bytes, /^pyproject\.toml$/);
  const link = (name: string, linkname: string): Buffer =>
    entry({ name: `${top}/${name}`, typeflag: '2', linkname });

  test('a file through a link is written outside by pip without the data filter', () => {
    const planted = entry({ name: `${top}/link/planted`, body: 'x' });
    expect(of(sdist(link('link', '../../sentinel'), planted))).toEqual({
      'pip-25': ['error: a link leads outside'],
      'pip-23': ['../../sentinel/planted 644 (outside)', 'link -> ../../sentinel'],
    });
  });

  test('links inside are kept', () => {
    const both = ['a.py 644', 'link -> a.py'];
    const file = entry({ name: `${top}/a.py`, body: 'x' });
    expect(of(sdist(file, link('link', 'a.py')))).toEqual({ 'pip-25': both, 'pip-23': both });
  });

  test('a hard link is a second name, or a copy', () => {
    const file = entry({ name: `${top}/a.py`, body: 'x' });
    const hard = entry({
      name: `${top}/b.py`,
      typeflag: '1',
      linkname: `${top}/a.py`,
      mode: 0o755,
    });
    expect(of(sdist(file, hard))).toEqual({
      'pip-25': ['a.py 644', 'b.py 644'],
      'pip-23': ['a.py 644', 'b.py 755'],
    });
  });

  test('a zip behind the tar is what pip unpacks, whatever the name', () => {
    const hidden = zip([
      { name: `${top}/setup.py`, body: 'x' },
      { name: `${top}/run`, body: 'x', mode: UNIX.file | 0o755 },
    ]);
    const bytes = Buffer.concat([sdist(entry({ name: `${top}/seen.py`, body: 'x' })), hidden]);
    const found = ['run 755', 'setup.py 644'];
    expect(of(bytes)).toEqual({ 'pip-25': found, 'pip-23': found });
    const notes = viewsOf('sdist', { bytes, fileName: `${top}.tar.gz` })?.map(({ note }) => note);
    expect(notes).toEqual(['the zip in it, not the tar', 'the zip in it, not the tar']);
  });

  test.each([
    [
      'a path that climbs',
      entry({ name: `${top}/../../x`, body: 'x' }),
      'an entry would be written outside',
    ],
    [
      'a second first folder',
      entry({ name: 'other/x', body: 'x' }),
      'there is no setup.py or pyproject.toml where its first folder begins',
    ],
    [
      'a named pipe',
      header({ name: `${top}/pipe`, typeflag: '6' }),
      'an entry is a device or a pipe',
    ],
  ])('stops at %s', (_what, odd, why) => {
    const all = [`error: ${why}`];
    expect(of(sdist(odd))).toEqual({ 'pip-25': all, 'pip-23': all });
  });

  test('reads a PAX size, and nothing behind the end', () => {
    const smuggled = entry({ name: `${top}/smuggled.py`, body: 'x' });
    const sized = [pax({ size: '0' }), entry({ name: `${top}/data`, body: smuggled })];
    const bytes = gzip(archive(project, ...sized, end(), smuggled, end()));
    const found = ['data 644', 'smuggled.py 644'];
    expect(of(bytes)).toEqual({ 'pip-25': found, 'pip-23': found });
  });

  test.each([
    ['a sparse file', `${top}.tar.gz`, sdist(header({ name: `${top}/s`, typeflag: 'S' }))],
    ['another compression', `${top}.tar.xz`, Buffer.from('\xfd7zXZ\0', 'latin1')],
  ])('says that %s is not modelled', (_what, fileName, bytes) => {
    for (const lines of Object.values(of(bytes, fileName))) expect(lines[0]).toMatch(/^unknown: /);
  });

  test('follows links in a circle to an end', () => {
    const circle = sdist(link('a', 'b'), link('b', 'a'), entry({ name: `${top}/a/x`, body: 'x' }));
    const all = ['error: links lead in a circle'];
    expect(of(circle)).toEqual({ 'pip-25': all, 'pip-23': all });
  });
});

describe('wheels', () => {
  const fileName = 'fixture-1.0.0-py3-none-any.whl';
  const info = 'fixture-1.0.0.dist-info';
  const wheel = (more: readonly ZipEntry[], how: ZipOptions = {}): Buffer =>
    zip(
      [
        { name: 'fixture.py', body: 'x' },
        ...more,
        {
          name: `${info}/METADATA`,
          body: 'Metadata-Version: 2.1\nName: fixture\nVersion: 1.0.0\n',
        },
        { name: `${info}/WHEEL`, body: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\n' },
        { name: `${info}/RECORD`, body: '' },
      ],
      how,
    );
  const of = (more: readonly ZipEntry[], how: ZipOptions = {}): Record<string, string[]> =>
    seenBy('wheel', fileName, wheel(more, how), /^site-packages\/(?:fixture\.py|.*dist-info\/.*)$/);
  const both = (...lines: string[]): Record<string, string[]> => ({
    'pip-25': lines,
    'pip-23': lines,
  });

  test('a folder beside site-packages whose name begins as its own is written to', () => {
    expect(of([{ name: '../site-packages-x/f', body: 'x' }])).toEqual(
      both('site-packages-x/f 644 (outside)'),
    );
  });

  test('files of .data go by their scheme', () => {
    const data = 'fixture-1.0.0.data';
    expect(
      of([
        { name: `${data}/scripts/run`, body: '#!python\n' },
        { name: `${data}/data/share/x`, body: 'x' },
        { name: `${data}/headers/x.h`, body: 'x' },
        { name: `${data}/purelib/y.py`, body: 'x', mode: UNIX.file | 0o755 },
      ]),
    ).toEqual(
      both('include/fixture/x.h 644', 'share/x 644', 'site-packages/y.py 755', 'bin/run command'),
    );
  });

  test('a command is written outside by newer ones, if its name climbs', () => {
    const entryPoints = '[console_scripts]\n../../planted = fixture:main\n';
    expect(of([{ name: `${info}/entry_points.txt`, body: entryPoints }])).toEqual({
      'pip-25': ['../planted command (outside)'],
      'pip-23': ['bin/planted command'],
    });
  });

  test('a link is a file, and of two entries of one name the last is read', () => {
    expect(of([zipSymlink('link', '/etc/passwd')])).toEqual(both('site-packages/link 644'));
    const twice = wheel([{ name: 'fixture.py', body: 'last' }]);
    const sha256 = createHash('sha256').update('last').digest('hex');
    for (const { files } of viewsOf('wheel', { bytes: twice, fileName }) ?? [])
      expect(files).toContainEqual(
        expect.objectContaining({ path: 'site-packages/fixture.py', sha256 }),
      );
  });

  test.each<[string, ZipEntry, string]>([
    ['a path that climbs', { name: '../../x', body: 'x' }, 'an entry would be written outside'],
    [
      'two names',
      { name: 'a', body: 'x', local: { name: 'b' } },
      'the two names of an entry differ',
    ],
    ['encryption', { name: 'a', body: 'x', flags: 1 }, 'an entry is encrypted or patched'],
    ['a wrong checksum', { name: 'a', body: 'x', crc: 1 }, 'the checksum of an entry does not fit'],
    [
      'a second .dist-info',
      { name: 'b-1.dist-info/x', body: 'x' },
      'there are two .dist-info folders',
    ],
    [
      'a scheme that is not known',
      { name: 'fixture-1.0.0.data/stdlib/x', body: 'x' },
      'a file of .data is in no scheme that is known',
    ],
  ])('stops at %s', (_what, odd, why) => {
    expect(of([odd])).toEqual(both(`error: ${why}`));
  });

  test('reads a zip behind other bytes', () => {
    expect(of([], { prefix: Buffer.from('#!/bin/sh\n') })).toEqual(both());
    expect(of([], { prefix: Buffer.from('#!/bin/sh\n'), shift: false })).toEqual(both());
  });
});
