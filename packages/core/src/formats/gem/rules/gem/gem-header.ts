import type { ReaderRule } from '../../../../rules/rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/gem/header-check.ts'],
  id: 'gem-header',
  level: 'error',
  summary: 'A header has a field that RubyGems reads in another way than other tools',
  advice: {
    forUsers:
      'Do not install it: RubyGems stops at the header, with half of the gem unpacked, or makes another entry of it.',
    forPublishers:
      'Build the gem with `gem build`; tools of your own have to write numbers in octal.',
  },
};
