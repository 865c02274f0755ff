import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/entry-reader.ts'],
  id: 'tar-signed-checksum',
  level: 'error',
  summary: 'A tar header has the checksum of signed bytes, which some extractors refuse',
  advice: {
    forUsers: 'Do not install it: some extractors leave the entry out, others unpack it.',
    forPublishers:
      'Repack with a current packaging tool; only very old tar programs add up signed bytes.',
  },
};
