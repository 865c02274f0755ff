import { defineRule, type Rule } from './define-rule.ts';

export const tarMagic: Rule<'tar-magic'> = defineRule({
  id: 'tar-magic',
  level: 'error',
  summary: 'A tar header is of an unknown dialect, so its path prefix is read differently',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
});
