import { defineRule, type Rule } from './define-rule.ts';

export const gnuLongName: Rule<'gnu-long-name'> = defineRule({
  id: 'gnu-long-name',
  level: 'error',
  summary: 'A GNU long-name header, which part of the extractors do not read',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
});
