import { defineRule, type Rule } from './define-rule.ts';

export const zipUnsupported: Rule<'zip-unsupported'> = defineRule({
  id: 'zip-unsupported',
  level: 'error',
  summary: 'The zip uses a feature that Yarn never writes',
  remedy:
    'Delete the file from the cache and install again; where it comes back, or where it was committed to the repository, find out who made it.',
});
