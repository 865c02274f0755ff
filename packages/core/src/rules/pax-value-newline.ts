import { defineRule, type Rule } from './define-rule.ts';

export const paxValueNewline: Rule<'pax-value-newline'> = defineRule({
  id: 'pax-value-newline',
  level: 'error',
  summary:
    'A PAX value holds a line feed, after which part of the extractors read a further record',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
