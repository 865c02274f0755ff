import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const backslashPath: Rule<'backslash-path'> = defineRule({
  id: 'backslash-path',
  level: 'error',
  summary: 'The path holds a backslash, which Windows takes for a separator',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.Backslash,
    check: (entry) => quote(entry.path),
  },
});
