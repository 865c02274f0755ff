import type { ReaderRule } from '../rule.ts';

export const rule: ReaderRule = {
  kind: 'reader',
  seenBy: ['rules/apply.ts'],
  id: 'file-directory-conflict',
  level: 'error',
  summary: 'One path is a file for one entry and a folder for another',
  advice: {
    forUsers: 'Do not install it: which of the two is left depends on the manager, and some fail.',
    forPublishers: 'Rename the file or the folder.',
  },
};
