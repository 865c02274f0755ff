import { defineRule, type Rule } from './define-rule.ts';

export const zipGap: Rule<'zip-gap'> = defineRule({
  id: 'zip-gap',
  level: 'error',
  summary: 'Bytes of the zip belong to no entry',
  remedy:
    'Do not use the file: bytes were put between its entries that no listing shows. Delete it, install again, and find out who wrote or committed it.',
});
