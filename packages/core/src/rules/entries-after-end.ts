import { defineRule, type Rule } from './define-rule.ts';

export const entriesAfterEnd: Rule<'entries-after-end'> = defineRule({
  id: 'entries-after-end',
  level: 'error',
  stopsReading: true,
  summary: 'Entries follow the end-of-archive marker, which only part of the extractors read',
  remedy:
    'Do not install it: what comes after the zeros is not inspected, and Yarn classic installs it. As its publisher, pack once; do not join archives with `cat`.',
});
