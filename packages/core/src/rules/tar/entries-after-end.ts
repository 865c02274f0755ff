import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/reader.ts'],
  id: 'entries-after-end',
  level: 'error',
  stopsReading: true,
  summary: 'Entries follow the end-of-archive marker, which only some extractors read',
  advice: {
    forUsers:
      'Do not install it: what comes after the zeros is not inspected, and some extractors install it.',
    forPublishers: 'Pack once; do not join archives with `cat`.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: what comes after the zeros is not inspected, and Yarn classic installs it.',
        forPublishers: 'Pack once; do not join archives with `cat`.',
      },
    },
  },
};
