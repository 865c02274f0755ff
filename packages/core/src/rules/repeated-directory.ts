import { defineRule, type Rule } from './define-rule.ts';

export const repeatedDirectory: Rule<'repeated-directory'> = defineRule({
  id: 'repeated-directory',
  level: 'warning',
  summary: 'The entry makes a folder that is already there, on which Yarn fails',
  remedy:
    'Nothing needs doing, except with Yarn 3 and 4, which cannot install it: all others make the folder once. As its publisher, pack again with `npm pack`, which writes no entries for folders.',
});
