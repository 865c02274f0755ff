import { defineRule, type Rule } from './define-rule.ts';

export const entryCountLimit: Rule<'entry-count-limit'> = defineRule({
  id: 'entry-count-limit',
  level: 'error',
  stopsReading: true,
  summary: 'The archive has more entries than the limit',
  remedy:
    'If the package is meant to be this large, raise `limits.entries` in your own policy file.',
});
