import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const pathTraversal: Rule<'path-traversal'> = defineRule({
  id: 'path-traversal',
  level: 'error',
  summary: 'The path climbs out of its folder with `..`',
  remedy:
    'Do not install it, and report it to the registry: the path leads out of its folder, and `npm pack` cannot make it. As its publisher, pack from the folder of the package.',
  entry: {
    traits: Trait.DotDot,
    check: (entry) => quote(entry.path),
  },
});
