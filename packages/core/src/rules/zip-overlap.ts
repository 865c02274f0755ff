import { defineRule, type Rule } from './define-rule.ts';

export const zipOverlap: Rule<'zip-overlap'> = defineRule({
  id: 'zip-overlap',
  level: 'error',
  summary: 'Entries of the zip share the same bytes',
  remedy:
    'Do not use the file: one piece of data was made to serve as several files. Delete it, install again, and find out who wrote or committed it.',
});
