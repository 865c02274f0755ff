import { defineRule, type Rule } from './define-rule.ts';

export const zipOverlap: Rule<'zip-overlap'> = defineRule({
  id: 'zip-overlap',
  level: 'error',
  summary: 'Entries of the zip share the same bytes',
  remedy:
    'Delete the file from the cache and install again; where it comes back, or where it was committed to the repository, find out who made it.',
});
