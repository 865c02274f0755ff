import { defineRule, type Rule } from './define-rule.ts';

export const base256Number: Rule<'base256-number'> = defineRule({
  id: 'base256-number',
  level: 'error',
  summary: 'A number in a tar header is in binary form, which part of the extractors do not read',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
});
