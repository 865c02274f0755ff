import { defineRule, type Rule } from './define-rule.ts';

export const tarBlankMagic: Rule<'tar-blank-magic'> = defineRule({
  id: 'tar-blank-magic',
  level: 'warning',
  summary: 'A tar header has no magic',
  remedy:
    'Nothing needs doing: all managers read such a header alike. As its publisher, repack with a current client, which writes the magic.',
});
