import { defineRule, type Rule } from './define-rule.ts';

export const tarPrefix: Rule<'tar-prefix'> = defineRule({
  id: 'tar-prefix',
  level: 'error',
  summary:
    'A tar header has bytes in the prefix field that only part of the extractors read as a path',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
