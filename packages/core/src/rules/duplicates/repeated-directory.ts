import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['rules/apply.ts'],
  id: 'repeated-directory',
  level: 'warning',
  elsewhere: {
    pypi: {
      level: 'note',
      why: 'pip, uv and other installers make a folder once, or none at all; uv writes the entry of `.dist-info` behind what lies in it.',
    },
  },
  summary: 'The entry makes a folder that is already there, on which some extractors fail',
  advice: {
    forUsers: 'Nothing needs doing: installers make the folder once.',
    forPublishers: 'List each folder once, or none at all.',
    elsewhere: {
      npm: {
        forUsers:
          'Nothing needs doing, except with Yarn 3 and 4, which cannot install it: all others make the folder once.',
        forPublishers: 'Pack again with `npm pack`, which writes no entries for folders.',
      },
      rubygems: {
        forUsers:
          'Do not install it: RubyGems deletes the folder, and what was unpacked into it, before it makes it again.',
        forPublishers: 'Build the gem with `gem build`, which writes no entries for folders.',
      },
    },
  },
};
