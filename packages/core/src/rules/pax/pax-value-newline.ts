import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/pax.ts'],
  id: 'pax-value-newline',
  level: 'error',
  summary: 'A PAX record holds a line feed, after which some extractors read a further record',
  advice: {
    forUsers:
      'Do not install it: some extractors read what follows the line feed as a record of its own, and install another path.',
    forPublishers: 'Remove the line feed, mostly from a file name or a comment, and pack again.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: npm, pnpm 12 and Yarn 4 read what follows the line feed as a record of its own, and install another path.',
        forPublishers:
          'Remove the line feed, mostly from a file name or a comment, and pack again.',
      },
    },
  },
};
