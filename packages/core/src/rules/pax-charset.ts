import { defineRule, type Rule } from './define-rule.ts';

export const paxCharset: Rule<'pax-charset'> = defineRule({
  id: 'pax-charset',
  level: 'error',
  summary: 'A PAX header changes the character set of paths',
  remedy:
    'Do not install it: paths beyond ASCII have other names for whoever obeys it. As its publisher, use UTF-8 for file names, and pack again.',
});
