import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/entry-reader.ts'],
  id: 'pax-size-mismatch',
  level: 'error',
  summary:
    'The PAX size of an entry differs from its header, so extractors disagree where the next entry starts',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: by one of the sizes there are files that the other one hides.',
    forPublishers:
      'Repack with a current packaging tool; a PAX size is needed from 8 GiB on, which no package reaches.',
  },
};
