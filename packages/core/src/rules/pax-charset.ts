import { defineRule, type Rule } from './define-rule.ts';

export const paxCharset: Rule<'pax-charset'> = defineRule({
  id: 'pax-charset',
  level: 'error',
  summary: 'A PAX header changes the character set of paths',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
