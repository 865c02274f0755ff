import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const pathTraversal: Rule<'path-traversal'> = defineRule({
  id: 'path-traversal',
  level: 'error',
  summary: 'The path climbs out of its folder with `..`',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.DotDot,
    check: (entry) => quote(entry.path),
  },
});
