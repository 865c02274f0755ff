import { defineRule, type Rule } from './define-rule.ts';

export const base256Number: Rule<'base256-number'> = defineRule({
  id: 'base256-number',
  level: 'error',
  summary: 'A number in a tar header is in binary form, which part of the extractors do not read',
  remedy:
    'Do not install it: pnpm 10 and 11 cannot read the number. Ask its maintainers to repack it. As its publisher, repack with `npm pack`; a size below 8 GiB never needs this form.',
});
