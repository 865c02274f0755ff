import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['rules/apply.ts'],
  id: 'repeated-directory',
  level: 'warning',
  summary: 'The entry makes a folder that is already there, on which Yarn fails',
  advice: {
    forUsers:
      'Nothing needs doing, except with Yarn 3 and 4, which cannot install it: all others make the folder once.',
    forPublishers: 'Pack again with `npm pack`, which writes no entries for folders.',
  },
};
