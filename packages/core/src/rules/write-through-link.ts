import { defineRule, type Rule } from './define-rule.ts';

export const writeThroughLink: Rule<'write-through-link'> = defineRule({
  id: 'write-through-link',
  level: 'error',
  summary: 'An entry would be written through a link of the archive',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
});
