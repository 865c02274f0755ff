import { defineRule, type Rule } from './define-rule.ts';

export const zipChecksum: Rule<'zip-checksum'> = defineRule({
  id: 'zip-checksum',
  level: 'error',
  summary: 'The checksum of a zip entry is wrong',
  remedy:
    'Delete the file and install again: its content was changed after Yarn packed it, or the disk fails. If it is committed to the repository, look at who changed it last.',
});
