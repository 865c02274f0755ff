import { defineRule, type Rule } from './define-rule.ts';

export const entryCountLimit: Rule<'entry-count-limit'> = defineRule({
  id: 'entry-count-limit',
  level: 'error',
  stopsReading: true,
  summary: 'The archive has more entries than the limit',
  remedy:
    'If the package is meant to hold so many files, raise `limits.entries` in your own policy file; otherwise do not install it. As its publisher, ship fewer files: bundle them, or leave sources and tests out with `files`.',
});
