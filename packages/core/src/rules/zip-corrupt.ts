import { defineRule, type Rule } from './define-rule.ts';

export const zipCorrupt: Rule<'zip-corrupt'> = defineRule({
  id: 'zip-corrupt',
  level: 'error',
  stopsReading: true,
  summary: 'The content of a zip entry cannot be unpacked to what its header says',
  remedy:
    'Delete the file and install again: it was damaged on its way. If it is committed to the repository, look whether a git filter (LFS, line endings) or someone rewrote it.',
});
