import { defineRule, type Rule } from './define-rule.ts';

export const paddedNumber: Rule<'padded-number'> = defineRule({
  id: 'padded-number',
  level: 'warning',
  summary: 'A number in a tar header starts with spaces',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
});
