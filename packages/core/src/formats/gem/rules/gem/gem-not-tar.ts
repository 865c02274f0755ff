import type { ReaderRule } from '../../../../rules/rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/gem/read.ts'],
  id: 'gem-not-tar',
  level: 'error',
  stopsReading: true,
  summary: 'The file is not a tar archive, as every gem is',
  advice: {
    forUsers:
      'Look at the first bytes of the file: an HTML page means that a proxy or a login is between you and the source. A gem of the oldest format is Ruby code: do not install it.',
    forPublishers: 'Build the gem with `gem build`.',
  },
};
