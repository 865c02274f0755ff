import type { ReaderRule } from '../../../../rules/rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/gem/outer.ts', 'formats/gem/read.ts'],
  id: 'gem-member',
  level: 'error',
  stopsReading: true,
  summary: 'The outer archive is not made of the files of a gem, each once',
  advice: {
    forUsers:
      'Do not install it: RubyGems uses one of the files, and another tool may show you the other. Compare the checksum with that of the source.',
    forPublishers: 'Build the gem with `gem build`, and put nothing into it afterwards.',
  },
};
