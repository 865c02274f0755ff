import { defineRule, type Rule } from './define-rule.ts';

export const zipEndRecord: Rule<'zip-end-record'> = defineRule({
  id: 'zip-end-record',
  level: 'error',
  summary: 'The end record of the zip is missing, or does not fit the archive',
  remedy:
    'Delete the file from the cache and install again; where it comes back, or where it was committed to the repository, find out who made it.',
});
