import { defineRule, type Rule } from './define-rule.ts';

export const paxSparse: Rule<'pax-sparse'> = defineRule({
  id: 'pax-sparse',
  level: 'error',
  summary:
    'A PAX header describes a sparse file, whose content and name only part of the extractors restore',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
