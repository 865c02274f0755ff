import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/entry-reader.ts'],
  id: 'tar-signed-checksum',
  level: 'error',
  summary: 'A tar header has the checksum of signed bytes, which some extractors refuse',
  advice: {
    forUsers: 'Do not install it: npm and Yarn 4 leave the entry out, other tools unpack it.',
    forPublishers: 'Repack with `npm pack`; only very old tar programs add up signed bytes.',
  },
};
