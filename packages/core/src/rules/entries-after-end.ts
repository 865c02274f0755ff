import { defineRule, type Rule } from './define-rule.ts';

export const entriesAfterEnd: Rule<'entries-after-end'> = defineRule({
  id: 'entries-after-end',
  level: 'error',
  stopsReading: true,
  summary: 'Entries follow the end-of-archive marker, which only part of the extractors read',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
