import { defineRule, type Rule } from './define-rule.ts';

export const paxRepeatedKey: Rule<'pax-repeated-key'> = defineRule({
  id: 'pax-repeated-key',
  level: 'error',
  summary: 'A PAX header gives a key twice',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
