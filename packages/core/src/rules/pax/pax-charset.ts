import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/pax.ts'],
  id: 'pax-charset',
  level: 'error',
  summary: 'A PAX header changes the character set of paths',
  advice: {
    forUsers: 'Do not install it: paths beyond ASCII have other names for whoever obeys it.',
    forPublishers: 'Use UTF-8 for file names, and pack again.',
  },
};
