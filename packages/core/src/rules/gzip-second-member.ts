import { defineRule, type Rule } from './define-rule.ts';

export const gzipSecondMember: Rule<'gzip-second-member'> = defineRule({
  id: 'gzip-second-member',
  level: 'error',
  stopsReading: true,
  summary: 'A second gzip member follows the first, which only part of the extractors read',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
