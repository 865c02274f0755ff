import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/gzip/gunzip.ts', 'containers/zip/entry-data.ts', 'containers/zip/reader.ts'],
  id: 'compression-ratio-limit',
  level: 'error',
  stopsReading: true,
  summary: 'The archive is packed denser than any real package, as a decompression bomb is',
  advice: {
    forUsers:
      'If you know why it is so dense (generated tables, empty images), raise `limits.ratio` in your own policy file; otherwise take it for a bomb.',
    forPublishers: 'Compress such data inside the package, or generate it on first use.',
  },
};
