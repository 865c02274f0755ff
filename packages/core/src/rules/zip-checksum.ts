import { defineRule, type Rule } from './define-rule.ts';

export const zipChecksum: Rule<'zip-checksum'> = defineRule({
  id: 'zip-checksum',
  level: 'error',
  summary: 'The checksum of a zip entry is wrong',
  remedy:
    'Delete the file from the cache and install again; where it comes back, or where it was committed to the repository, find out who made it.',
});
