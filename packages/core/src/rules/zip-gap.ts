import { defineRule, type Rule } from './define-rule.ts';

export const zipGap: Rule<'zip-gap'> = defineRule({
  id: 'zip-gap',
  level: 'error',
  summary: 'Bytes of the zip belong to no entry',
  remedy:
    'Delete the file from the cache and install again; where it comes back, or where it was committed to the repository, find out who made it.',
});
