import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const uncPath: Rule<'unc-path'> = defineRule({
  id: 'unc-path',
  level: 'error',
  summary: 'The path names a network share or a device on Windows',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.Backslash | Trait.LeadingSlash,
    check: (entry) => (/^[\\/]{2}/.test(entry.path) ? quote(entry.path) : undefined),
  },
});
