import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const nulInPath: Rule<'nul-in-path'> = defineRule({
  id: 'nul-in-path',
  level: 'error',
  summary: 'The path holds a NUL, at which part of the extractors cut it',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.Nul,
    check: (entry) => quote(entry.path),
  },
});
