import { defineRule, type Rule } from './define-rule.ts';

export const paxMalformed: Rule<'pax-malformed'> = defineRule({
  id: 'pax-malformed',
  level: 'error',
  summary: 'A PAX header is not well formed',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
