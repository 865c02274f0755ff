import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const emptyComponent: Rule<'empty-component'> = defineRule({
  id: 'empty-component',
  level: 'error',
  summary: 'The path has an empty component, or a file whose path ends in a slash',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.EmptyComponent,
    check: (entry) => quote(entry.path),
  },
});
