import { defineRule, type Rule } from './define-rule.ts';

export const missingEndMarker: Rule<'missing-end-marker'> = defineRule({
  id: 'missing-end-marker',
  level: 'error',
  summary: 'The end-of-archive marker is missing, so a cut archive would look whole',
  remedy:
    'Fetch it again. If it stays, compare its files with the repository of the package, and add an exception only where none is missing. As its publisher, repack with a current client, which ends the archive with two blocks of zeros.',
});
