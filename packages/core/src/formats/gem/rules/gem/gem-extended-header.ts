import type { ReaderRule } from '../../../../rules/rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/gem/header-check.ts'],
  id: 'gem-extended-header',
  level: 'error',
  summary: 'The archive has a PAX or GNU header, which RubyGems treats as a file of the gem',
  advice: {
    forUsers:
      'Do not install it: RubyGems ignores what the header says, deletes what lies at its name, and so installs other files than other tools show.',
    forPublishers: 'Build the gem with `gem build`, which writes no such header.',
  },
};
