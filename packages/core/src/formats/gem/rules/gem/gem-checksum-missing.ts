import type { ReaderRule } from '../../../../rules/rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['formats/gem/read.ts'],
  id: 'gem-checksum-missing',
  level: 'note',
  summary: 'The gem holds no checksum of one of its files',
  advice: {
    forUsers:
      'Nothing needs doing: RubyGems wrote none before 2013. The checksum in Gemfile.lock covers the whole gem.',
    forPublishers: 'Build the gem with a RubyGems of after 2013.',
  },
};
