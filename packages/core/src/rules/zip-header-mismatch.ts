import { defineRule, type Rule } from './define-rule.ts';

export const zipHeaderMismatch: Rule<'zip-header-mismatch'> = defineRule({
  id: 'zip-header-mismatch',
  level: 'error',
  summary: 'The two headers of a zip entry contradict each other',
  remedy:
    'Delete the file from the cache and install again; where it comes back, or where it was committed to the repository, find out who made it.',
});
