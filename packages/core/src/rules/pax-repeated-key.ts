import { defineRule, type Rule } from './define-rule.ts';

export const paxRepeatedKey: Rule<'pax-repeated-key'> = defineRule({
  id: 'pax-repeated-key',
  level: 'error',
  summary: 'A PAX header gives a key twice',
  remedy:
    'Do not install it: which of the two values counts depends on the reader. As its publisher, write each key once; `npm pack` does.',
});
