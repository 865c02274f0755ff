import { Trait } from '../../containers/entry.ts';
import type { EntryRule, ReaderRule } from '../rule.ts';
import { pathRule, readerRule, STOPS, withCodes } from '../table-rows.ts';

const archiveLimit = withCodes({
  id: 'archive-limit',
  level: 'error',
  summary: 'The archive is larger, denser or has more entries than the limits allow',
  advice: {
    forUsers:
      'If you know why the package is like this (browser binaries, models, generated tables), raise `limits.unpackedBytes`, `limits.ratio` or `limits.entries` in your own policy file; otherwise treat it as a bomb and do not install it.',
    forPublishers:
      'Ship large binaries as packages per platform, generate or fetch data on demand, and leave sources and tests out.',
  },
});

const pathLimit = withCodes({
  id: 'path-limit',
  level: 'error',
  summary: 'The path is longer or deeper than the limits allow',
  advice: {
    forUsers:
      'If the package needs such paths, raise `limits.pathBytes` or `limits.depth` in your own policy file; Windows and some tools still refuse long ones.',
    forPublishers: 'Use shorter names and fewer folders, and do not nest bundled dependencies.',
  },
});

export const limitsRules: readonly (EntryRule | ReaderRule)[] = [
  readerRule(
    ['containers/gzip/gunzip.ts', 'containers/zip/reader.ts'],
    archiveLimit('unpacked-size-limit', 'The archive unpacks to more than the limit', STOPS),
  ),
  readerRule(
    ['containers/gzip/gunzip.ts', 'containers/zip/entry-data.ts', 'containers/zip/reader.ts'],
    archiveLimit(
      'compression-ratio-limit',
      'The archive is compressed more densely than any real package, as a decompression bomb is',
      STOPS,
    ),
  ),
  readerRule(
    [
      'containers/tar/entry-reader.ts',
      'containers/tar/extended.ts',
      'containers/zip/reader.ts',
      'rules/apply.ts',
    ],
    archiveLimit('entry-count-limit', 'The archive has more entries than the limit', STOPS),
  ),
  {
    ...pathLimit('path-length-limit', 'The path is longer than the limit', STOPS),
    kind: 'entry',
    traits: Trait.LongPath,
    check: (entry) => `${entry.path.length} characters`,
  },
  pathRule(
    Trait.LongComponent,
    pathLimit(
      'component-length-limit',
      'A component of the path is longer than file systems allow',
      {
        advice: {
          forUsers:
            'Do not install it: no common file system accepts the name, so some tools leave the file out and others fail.',
          forPublishers: 'Use shorter names; letters beyond ASCII count two to four bytes.',
        },
      },
    ),
  ),
  {
    ...pathLimit('path-depth-limit', 'The path is deeper than the limit'),
    kind: 'entry',
    traits: Trait.Deep,
    check: (entry) => `${entry.path.split('/').length} components`,
  },
];
