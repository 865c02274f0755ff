import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const uncPath: Rule<'unc-path'> = defineRule({
  id: 'unc-path',
  level: 'error',
  summary: 'The path names a network share or a device on Windows',
  remedy:
    'Do not install it, and report it to the registry: opening such a path makes Windows log in to another computer. As its publisher, pack relative paths, below one folder.',
  entry: {
    traits: Trait.Backslash | Trait.LeadingSlash,
    check: (entry) => (/^[\\/]{2}/.test(entry.path) ? quote(entry.path) : undefined),
  },
});
