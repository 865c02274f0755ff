import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: [
    'containers/tar/entry-reader.ts',
    'containers/tar/extended.ts',
    'containers/zip/reader.ts',
    'rules/apply.ts',
  ],
  id: 'entry-count-limit',
  level: 'error',
  stopsReading: true,
  summary: 'The archive has more entries than the limit',
  advice: {
    forUsers:
      'If the package is meant to hold so many files, raise `limits.entries` in your own policy file; otherwise do not install it.',
    forPublishers: 'Ship fewer files: leave tests and other data out of the package.',
    elsewhere: {
      npm: {
        forUsers:
          'If the package is meant to hold so many files, raise `limits.entries` in your own policy file; otherwise do not install it.',
        forPublishers:
          'Ship fewer files: bundle them, or leave sources and tests out with `files`.',
      },
    },
  },
};
