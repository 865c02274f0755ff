import { Trait } from '../archive/entry.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const emptyPath: Rule<'empty-path'> = defineRule({
  id: 'empty-path',
  level: 'error',
  summary: 'The entry has no path; part of the extractors stop reading there',
  remedy:
    'Do not install it: pnpm 10 and 11 lose every file after this entry. As its publisher, repack with a current client; look for the script that wrote a header without a name.',
  entry: {
    traits: Trait.Empty,
    check: () => 'the path is empty',
  },
});
