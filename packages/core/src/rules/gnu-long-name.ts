import { defineRule, type Rule } from './define-rule.ts';

export const gnuLongName: Rule<'gnu-long-name'> = defineRule({
  id: 'gnu-long-name',
  level: 'error',
  summary: 'A GNU long-name header, which part of the extractors do not read',
  remedy:
    'Do not install it: pnpm 10 puts such files at another path than the others. Ask its maintainers to repack it. As its publisher, pack with a package manager, or with `tar --format=pax`.',
});
