import { defineRule, type Rule } from './define-rule.ts';

export const extendedHeaderRepeated: Rule<'extended-header-repeated'> = defineRule({
  id: 'extended-header-repeated',
  level: 'error',
  summary: 'An entry has the same extended header twice',
  remedy:
    'Do not install it: pnpm 12 and bun fail, the others differ on which of the two headers counts. As its publisher, write one extended header for each entry, as `npm pack` does.',
});
