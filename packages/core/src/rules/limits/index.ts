import { Trait } from '../../containers/entry.ts';
import type { EntryRule, ReaderRule } from '../rule.ts';
import { pathRule, readerRule } from '../table-rows.ts';
import { pathLengthLimit } from './path-length-limit.ts';
import { pathDepthLimit } from './path-depth-limit.ts';

export const limitsRules: readonly (EntryRule | ReaderRule)[] = [
  readerRule(['containers/gzip/gunzip.ts', 'containers/zip/reader.ts'], {
    id: 'unpacked-size-limit',
    level: 'error',
    stopsReading: true,
    summary: 'The archive unpacks to more than the limit',
    advice: {
      forUsers:
        'If the package is known to be this large (browser binaries, models), raise `limits.unpackedBytes` in your own policy file; otherwise do not install it.',
      forPublishers: 'Ship large binaries as packages per platform, or fetch them on demand.',
    },
  }),
  readerRule(
    ['containers/gzip/gunzip.ts', 'containers/zip/entry-data.ts', 'containers/zip/reader.ts'],
    {
      id: 'compression-ratio-limit',
      level: 'error',
      stopsReading: true,
      summary:
        'The archive is compressed more densely than any real package, as a decompression bomb is',
      advice: {
        forUsers:
          'If you know why it is so dense (generated tables, empty images), raise `limits.ratio` in your own policy file; otherwise treat it as a bomb and do not install it.',
        forPublishers: 'Compress such data inside the package, or generate it on first use.',
      },
    },
  ),
  readerRule(
    [
      'containers/tar/entry-reader.ts',
      'containers/tar/extended.ts',
      'containers/zip/reader.ts',
      'rules/apply.ts',
    ],
    {
      id: 'entry-count-limit',
      level: 'error',
      stopsReading: true,
      summary: 'The archive has more entries than the limit',
      advice: {
        forUsers:
          'If the package is meant to hold so many files, raise `limits.entries` in your own policy file; otherwise do not install it.',
        forPublishers: 'Ship fewer files: leave tests and other data out of the package.',
        elsewhere: {
          npm: {
            forUsers:
              'If the package is meant to hold so many files, raise `limits.entries` in your own policy file; otherwise do not install it.',
            forPublishers:
              'Ship fewer files: bundle them, or leave sources and tests out with `files`.',
          },
        },
      },
    },
  ),
  pathLengthLimit,
  pathRule(Trait.LongComponent, {
    id: 'component-length-limit',
    level: 'error',
    summary: 'A component of the path is longer than file systems allow',
    advice: {
      forUsers:
        'Do not install it: no common file system accepts the name, so some tools leave the file out and others fail.',
      forPublishers: 'Use shorter names; letters beyond ASCII count two to four bytes.',
    },
  }),
  pathDepthLimit,
];
