import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/gzip/gunzip.ts'],
  id: 'gzip-length',
  level: 'error',
  summary: 'The gzip length is wrong',
  advice: {
    forUsers:
      'Fetch it again. Where the length stays wrong, the file is damaged or crafted: do not install it, and tell its maintainers.',
    forPublishers: 'Pack anew; every tool writes the right length.',
  },
};
