import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const emptyComponent: Rule<'empty-component'> = defineRule({
  id: 'empty-component',
  level: 'error',
  summary: 'The path has an empty component, or a file whose path ends in a slash',
  remedy:
    'Do not install it, and report it to the registry: for part of the tools the path is absolute, or the file is a folder. As its publisher, join paths with single slashes, and pack again.',
  entry: {
    traits: Trait.EmptyComponent,
    check: (entry) => quote(entry.path),
  },
});
