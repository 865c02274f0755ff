import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/gzip/gunzip.ts'],
  id: 'gzip-second-member',
  level: 'error',
  stopsReading: true,
  summary: 'A second gzip member follows the first, which only some extractors read',
  advice: {
    forUsers: 'Do not install it: the second part is not inspected, and some extractors unpack it.',
    forPublishers:
      'Compress once: `tar | gzip`, not `cat a.gz b.gz`, nor a compressor that writes independent blocks (bgzip).',
  },
};
