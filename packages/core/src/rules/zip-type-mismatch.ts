import { defineRule, type Rule } from './define-rule.ts';

export const zipTypeMismatch: Rule<'zip-type-mismatch'> = defineRule({
  id: 'zip-type-mismatch',
  level: 'error',
  summary: 'The path and the mode of a zip entry say different types',
  remedy:
    'Delete the file from the cache and install again; where it comes back, or where it was committed to the repository, find out who made it.',
});
