import { defineRule, type Rule } from './define-rule.ts';

export const paxGlobalOverride: Rule<'pax-global-override'> = defineRule({
  id: 'pax-global-override',
  level: 'error',
  summary: 'A global PAX header changes all later entries, which part of the extractors ignore',
  remedy:
    'Do not install it: one header changes every file after it, and not every manager obeys. As its publisher, pack with `npm pack`, or without `--pax-option`; a comment, as `git archive` writes it, times and owners may stay.',
});
