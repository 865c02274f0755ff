import { defineRule, type Rule } from './define-rule.ts';

export const extendedHeaderRepeated: Rule<'extended-header-repeated'> = defineRule({
  id: 'extended-header-repeated',
  level: 'error',
  summary: 'An entry has the same extended header twice',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
