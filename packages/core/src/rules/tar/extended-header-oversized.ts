import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['containers/tar/extended.ts'],
  id: 'extended-header-oversized',
  level: 'error',
  stopsReading: true,
  summary: 'An extended header is larger than any real one, and some extractors ignore it',
  advice: {
    forUsers: 'Do not install it: some extractors ignore so large a header, others obey it.',
    forPublishers:
      'Repack with a current packaging tool, without extended attributes (`tar --no-xattrs`).',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: npm and Yarn ignore such a header above 1 MiB, other readers obey it.',
        forPublishers:
          'Repack with a current packaging tool, without extended attributes (`tar --no-xattrs`).',
      },
    },
  },
};
