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
  summary: 'The entry makes a folder that is already there, on which Yarn fails',
  advice: {
    forUsers:
      'Nothing needs doing, except with Yarn 3 and 4, which cannot install it: all others make the folder once.',
    forPublishers: 'Pack again with `npm pack`, which writes no entries for folders.',
  },
};
