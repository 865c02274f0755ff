import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const nulInPath: Rule<'nul-in-path'> = defineRule({
  id: 'nul-in-path',
  level: 'error',
  summary: 'The path holds a NUL, at which part of the extractors cut it',
  remedy:
    'Do not install it, and report it to the registry: npm cuts the name at the NUL, others fail or skip the file. As its publisher, repack with a current client; no file on disk has such a name.',
  entry: {
    traits: Trait.Nul,
    check: (entry) => quote(entry.path),
  },
});
