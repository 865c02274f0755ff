import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/extended.ts'],
  id: 'extended-headers-mixed',
  level: 'error',
  summary: 'An entry has a GNU and a PAX header, of which extractors believe different ones',
  advice: {
    forUsers:
      'Do not install it: no program packs so, and the file lands at one path for some extractors and at another for others.',
    forPublishers: 'Pack with one program, in one format.',
  },
};
