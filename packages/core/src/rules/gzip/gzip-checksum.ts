import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/gzip/gunzip.ts'],
  id: 'gzip-checksum',
  level: 'error',
  summary: 'The gzip checksum is wrong',
  advice: {
    forUsers:
      'Fetch it again. Where the checksum stays wrong, the bytes were changed after they were packed: do not install it, and tell its maintainers.',
    forPublishers: 'Pack anew; every tool writes the right checksum.',
  },
};
