import { defineRule, type Rule } from './define-rule.ts';

export const missingEndMarker: Rule<'missing-end-marker'> = defineRule({
  id: 'missing-end-marker',
  level: 'error',
  summary: 'The end-of-archive marker is missing, so a cut archive would look whole',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
});
