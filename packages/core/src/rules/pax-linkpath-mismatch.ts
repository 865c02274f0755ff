import { defineRule, type Rule } from './define-rule.ts';

export const paxLinkpathMismatch: Rule<'pax-linkpath-mismatch'> = defineRule({
  id: 'pax-linkpath-mismatch',
  level: 'error',
  summary: 'A PAX link target differs from the header, or stands before what is no link',
  remedy:
    'Do not install it: where the link leads depends on the reader. As its publisher, ship files in place of links.',
});
