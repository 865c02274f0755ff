import { defineRule, type Rule } from './define-rule.ts';

export const tarBlankMagic: Rule<'tar-blank-magic'> = defineRule({
  id: 'tar-blank-magic',
  level: 'warning',
  summary: 'A tar header has no magic',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
});
