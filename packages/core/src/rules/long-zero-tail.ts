import { defineRule, type Rule } from './define-rule.ts';

export const longZeroTail: Rule<'long-zero-tail'> = defineRule({
  id: 'long-zero-tail',
  level: 'warning',
  summary: 'More zeros follow the end-of-archive marker than pnpm 12 takes',
  remedy:
    'Nothing needs doing, except with pnpm 12, which cannot install it: nobody unpacks the zeros. As its publisher, pack again with `npm pack`, or with tar and its ordinary blocking factor.',
});
