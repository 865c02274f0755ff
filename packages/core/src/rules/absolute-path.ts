import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const absolutePath: Rule<'absolute-path'> = defineRule({
  id: 'absolute-path',
  level: 'error',
  summary: 'The path is absolute',
  remedy:
    'Do not install it, and report it to the registry: a careless tool writes it to the root of your disk, and `npm pack` cannot make it. As its publisher, pack relative paths.',
  entry: {
    traits: Trait.LeadingSlash,
    check: (entry) => quote(entry.path),
  },
});
