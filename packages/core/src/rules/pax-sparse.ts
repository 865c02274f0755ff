import { defineRule, type Rule } from './define-rule.ts';

export const paxSparse: Rule<'pax-sparse'> = defineRule({
  id: 'pax-sparse',
  level: 'error',
  summary:
    'A PAX header describes a sparse file, whose content and name only part of the extractors restore',
  remedy:
    'Do not install it: GNU tar and Python give the file another content, and perhaps another name, than package managers do. As its publisher, do not pack with `--sparse`.',
});
