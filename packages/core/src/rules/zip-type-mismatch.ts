import { defineRule, type Rule } from './define-rule.ts';

export const zipTypeMismatch: Rule<'zip-type-mismatch'> = defineRule({
  id: 'zip-type-mismatch',
  level: 'error',
  summary: 'The path and the mode of a zip entry say different types',
  remedy:
    'Do not use the file: an entry is a folder to some readers and a file to others. Delete it, install again, and find out who wrote or committed it.',
});
