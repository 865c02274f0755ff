import { defineRule, type Rule } from './define-rule.ts';

export const paxValueNewline: Rule<'pax-value-newline'> = defineRule({
  id: 'pax-value-newline',
  level: 'error',
  summary:
    'A PAX record holds a line feed, after which part of the extractors read a further record',
  remedy:
    'Do not install it: npm, pnpm 12 and Yarn 4 read what follows the line feed as a record of its own, and install another path. As its publisher, remove the line feed, mostly from a file name or a comment, and pack again.',
});
