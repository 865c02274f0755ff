import type { ReaderRule } from '../../../../rules/rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/sdist/read.ts'],
  id: 'stray-zip-end-record',
  level: 'warning',
  summary:
    'A file that is not a zip holds the end record of one, at which pip fails with Python 3.12 and older',
  advice: {
    forUsers: 'Install it with a newer Python, or take its wheel.',
    forPublishers:
      'Compress the sdist at another level: the four bytes are there by chance, or belong to a zip among its files.',
  },
};
