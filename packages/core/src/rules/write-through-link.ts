import { defineRule, type Rule } from './define-rule.ts';

export const writeThroughLink: Rule<'write-through-link'> = defineRule({
  id: 'write-through-link',
  level: 'error',
  summary: 'An entry would be written through a link of the archive',
  remedy:
    'Do not install it, whatever your policy on links, and report it to the registry: an extractor that follows the link writes where it leads. As its publisher, ship files in place of links.',
});
