import { defineRule, type Rule } from './define-rule.ts';

export const zipTrailingBytes: Rule<'zip-trailing-bytes'> = defineRule({
  id: 'zip-trailing-bytes',
  level: 'error',
  summary: 'Bytes follow the end of the zip',
  remedy:
    'Delete the file from the cache and install again; where it comes back, or where it was committed to the repository, find out who made it.',
});
