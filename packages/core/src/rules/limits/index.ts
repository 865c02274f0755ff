import { Trait } from '../../containers/entry.ts';
import type { EntryRule, ReaderRule } from '../rule.ts';
import { advice, pathRule, readerRules, STOPS, withCodes } from '../table-rows.ts';

const pathLimit = withCodes({
  id: 'path-limit',
  level: 'error',
  summary: 'The path is longer or deeper than the limits allow',
  advice: advice(
    'If the package needs such paths, raise `limits.pathBytes` or `limits.depth` in your own policy file; Windows and some tools still refuse long ones.',
    'Use shorter names and fewer folders, and do not nest bundled dependencies.',
  ),
});

export const limitsRules: readonly (EntryRule | ReaderRule)[] = [
  ...readerRules({
    id: 'archive-limit',
    level: 'error',
    summary: 'The archive is larger, denser or has more entries than the limits allow',
    advice: advice(
      'If you know why the package is like this (browser binaries, models, generated tables), raise `limits.unpackedBytes`, `limits.ratio` or `limits.entries` in your own policy file; otherwise treat it as a bomb and do not install it.',
      'Ship large binaries as packages per platform, generate or fetch data on demand, and leave sources and tests out.',
    ),
    problems: {
      'unpacked-size-limit': 'The archive unpacks to more than the limit',
      'compression-ratio-limit':
        'The archive is compressed more densely than any real package, as a decompression bomb is',
      'entry-count-limit': 'The archive has more entries than the limit',
    },
    stopsAt: ['unpacked-size-limit', 'compression-ratio-limit', 'entry-count-limit'],
  }),
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
        advice: advice(
          'Do not install it: no common file system accepts the name, so some tools leave the file out and others fail.',
          'Use shorter names; letters beyond ASCII count two to four bytes.',
        ),
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
