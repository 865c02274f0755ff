import { defineRule, type Rule } from './define-rule.ts';

export const zipCorrupt: Rule<'zip-corrupt'> = defineRule({
  id: 'zip-corrupt',
  level: 'error',
  summary: 'The content of a zip entry cannot be unpacked to what its header says',
  remedy:
    'Delete the file from the cache and install again; where it comes back, or where it was committed to the repository, find out who made it.',
});
