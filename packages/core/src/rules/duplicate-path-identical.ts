import { defineRule, type Rule } from './define-rule.ts';

export const duplicatePathIdentical: Rule<'duplicate-path-identical'> = defineRule({
  id: 'duplicate-path-identical',
  level: 'warning',
  summary: 'Two entries with the same content have the same path',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
});
