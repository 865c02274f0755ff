import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const absolutePath: Rule<'absolute-path'> = defineRule({
  id: 'absolute-path',
  level: 'error',
  summary: 'The path is absolute',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.LeadingSlash,
    check: (entry) => quote(entry.path),
  },
});
