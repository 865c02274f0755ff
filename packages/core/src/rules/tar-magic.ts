import { defineRule, type Rule } from './define-rule.ts';

export const tarMagic: Rule<'tar-magic'> = defineRule({
  id: 'tar-magic',
  level: 'error',
  summary: 'A tar header is of an unknown dialect, so its path prefix is read differently',
  remedy:
    'Do not install it: its paths depend on who reads them. Ask its maintainers to repack it. As its publisher, pack with a package manager, or with `tar --format=pax`.',
});
