import { DEFAULT_LIMITS } from '../../../packages/core/src/limits.ts';
import { expect, it } from 'vitest';
import { inspectedSdist } from '../../support/inspected-sdist.ts';
import {
  describeRule,
  error,
  warning,
  ofSdist,
  rows,
  symlink,
  type Sample,
} from '../../support/rule-table.ts';
import { pkgInfo, sdist } from '../../support/sdist.ts';
import { entry, type Bytes, type EntryOptions } from '../../support/tar.ts';

const OF_INFO = { level: 'error', entry: 'fixture-1.0.0/PKG-INFO' } as const;
const NOBODY = undefined as never;
const withInfo = (info: Bytes): Sample => ofSdist({ pkgInfo: info });

describeRule('sdist-folder-name', warning(), {
  reports: {
    'a folder that is named after nothing': [
      ofSdist({ top: 'sources' }),
      { entry: 'sources/PKG-INFO' },
    ],
    'sources with an old PKG-INFO, of which no version was asked for': [
      ofSdist({ top: 'fixture-2.0' }, { version: NOBODY, fileName: 'fixture-2.0.tar.gz' }),
      { alone: true },
    ],
  },
  clean: rows(
    ['fixture-1.0.0', 'Fixture-1.0', 'FIXTURE-v1'],
    (top) => ofSdist({ top }),
    'a spelling from before PEP 625: %s',
  ),
});

const irregular = (fields: EntryOptions): Sample =>
  ofSdist({ pkgInfo: null, entries: [entry({ name: 'fixture-1.0.0/PKG-INFO', ...fields })] });

describeRule('pkg-info-irregular', error({ field: 'typeflag' }), {
  reports: {
    'a link': irregular({ typeflag: '2', linkname: 'backend.py' }),
    'a folder': irregular({ typeflag: '5' }),
  },
  silent: {
    'a link to PKG-INFO': ofSdist({
      entries: [entry(symlink('fixture-1.0.0/doc/PKG-INFO', '../PKG-INFO'))],
    }),
  },
});

const ofSize = (bytes: number): Sample => {
  const text = pkgInfo('fixture', '1.0.0');
  return withInfo(text + 'x'.repeat(bytes - text.length));
};

describeRule('pkg-info-oversized', OF_INFO, {
  reports: { 'a PKG-INFO past the limit': ofSize(DEFAULT_LIMITS.manifestBytes + 1) },
  clean: { 'one at the limit': ofSize(DEFAULT_LIMITS.manifestBytes) },
});

describeRule('pkg-info-invalid', OF_INFO, {
  reports: {
    'two names': [
      withInfo('Name: fixture\nname: other\nVersion: 1.0.0\n'),
      { says: 'it has 2 fields "name"' },
    ],
    'no name': withInfo('Version: 1.0.0\n'),
    'two versions': withInfo('Name: fixture\nVersion: 1.0.0\nVersion: 1.0.0\n'),
    'a name in a line that some readers skip': withInfo(
      'Name: fixture\nVersion: 1.0.0\nName : other\n',
    ),
    'no text': withInfo(Buffer.from([0xff, 0xfe])),
    nothing: withInfo(''),
  },
  clean: {
    'a description that names others': withInfo('Name: fixture\nVersion: 1.0.0\n\nName: other\n'),
  },
});

describeRule('pkg-info-missing', error(), {
  reports: {
    'an sdist of an index without PKG-INFO': ofSdist({ pkgInfo: null }),
    'one in a folder below': ofSdist({
      pkgInfo: null,
      files: { 'fixture.egg-info/PKG-INFO': 'Name: fixture\nVersion: 1.0.0\n' },
    }),
  },
  clean: {
    'sources of which no version was asked for': ofSdist(
      { pkgInfo: null, top: 'fixture-main' },
      { name: 'fixture', version: NOBODY, fileName: 'main.tar.gz' },
    ),
  },
});

const downloaded = (name: string, version: string, asked: object = {}): Sample =>
  ofSdist({ pkgInfo: pkgInfo(name, version) }, { ...asked, fileName: 'download' });

describeRule('pkg-info-name-mismatch', OF_INFO, {
  reports: { 'another name': downloaded('other', '1.0.0') },
  silent: {
    'another spelling': downloaded('fix.TURE', '1.0.0', { name: 'Fix_ture' }),
    'what nobody asked for': downloaded('other', '1.0.0', { name: NOBODY }),
  },
});

describeRule('pkg-info-version-mismatch', OF_INFO, {
  reports: { 'another version': downloaded('fixture', '0.9') },
  silent: {
    'another spelling': downloaded('fixture', 'v1', { version: '1.0.0' }),
    'what nobody asked for': downloaded('fixture', '0.9', { version: NOBODY }),
  },
});

it.each([
  ['pkg-info-name-mismatch', pkgInfo('other', '1.0.0')],
  ['pkg-info-version-mismatch', pkgInfo('fixture', '0.9')],
])('reports %s and the name of the folder, and nothing else', (code, info) => {
  const { findings } = inspectedSdist(sdist({ pkgInfo: info }), { fileName: 'download' });
  expect(findings).toMatchObject([{ code }, { rule: 'sdist-folder-name', level: 'warning' }]);
});

describeRule('sdist-file-name-mismatch', OF_INFO, {
  reports: {
    'another version, and says which': [
      ofSdist({}, { fileName: 'fixture-2.0.tar.gz' }),
      { says: '"fixture-2.0.tar.gz" holds "fixture 1.0.0"' },
    ],
    ...rows(['fixture-1.0.1.tar.gz', 'other-1.0.0.tar.gz', 'fixture-extra-1.0.0.tgz'], (fileName) =>
      ofSdist({}, { fileName }),
    ),
  },
  clean: {
    'the name that build tools give': ofSdist({}, { fileName: 'fixture-1.0.0.tar.gz' }),
    ...rows(
      [
        ['a.b-c', '1.0', 'a-b-c-1.0.tar.gz'],
        ['a-b-c', '1.0-1', 'a-b-c-1.0-1.tar.gz'],
        ['a', '2004d', 'a-2004d.tar.gz'],
        ['a-2', '1.0', 'a-2-1.0.tar.gz'],
      ],
      ([name, version, fileName]) =>
        ofSdist({ name, version, pkgInfo: pkgInfo(name, version) }, { name, version, fileName }),
    ),
  },
  silent: rows(
    [
      'Fixture-1.0.tar.gz',
      'fixture-v1.tgz',
      'v1.0.1.tar.gz',
      'main.tar.gz',
      'fixture_1.0.0.orig.tar.gz',
      'download',
    ],
    (fileName) => ofSdist({}, { fileName }),
  ),
});
