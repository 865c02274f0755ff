import { defineRule, type Rule } from './define-rule.ts';

export const zipHeaderMismatch: Rule<'zip-header-mismatch'> = defineRule({
  id: 'zip-header-mismatch',
  level: 'error',
  stopsReading: true,
  summary: 'The two headers of a zip entry contradict each other',
  remedy:
    'Do not use the file: what a listing shows is not what another reader unpacks. Delete it, install again, and find out who wrote or committed it.',
});
