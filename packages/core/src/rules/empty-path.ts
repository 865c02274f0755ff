import { Trait } from '../archive/entry.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const emptyPath: Rule<'empty-path'> = defineRule({
  id: 'empty-path',
  level: 'error',
  summary: 'The entry has no path; part of the extractors stop reading there',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.Empty,
    check: () => 'the path is empty',
  },
});
