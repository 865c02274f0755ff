import { defineRule, type Rule } from './define-rule.ts';

export const zipTrailingBytes: Rule<'zip-trailing-bytes'> = defineRule({
  id: 'zip-trailing-bytes',
  level: 'error',
  summary: 'Bytes follow the end of the zip',
  remedy:
    'Do not use the file: something was appended to it, perhaps a second archive. Delete it, install again, and find out what writes to your cache after Yarn.',
});
