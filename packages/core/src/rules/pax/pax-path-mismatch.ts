import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/entry-reader.ts'],
  id: 'pax-path-mismatch',
  level: 'error',
  summary:
    'The PAX path of an entry differs from its header, so extractors unpack it to different places',
  advice: {
    forUsers: 'Do not install it: a reader that does not know PAX writes the file to another path.',
    forPublishers:
      'Repack with a current packaging tool, which writes the beginning of the same path into the header.',
  },
};
