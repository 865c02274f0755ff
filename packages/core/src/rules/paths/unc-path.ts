import { Trait } from '../../containers/entry.ts';
import { quote } from '../../text/printable.ts';
import type { EntryRule } from '../rule.ts';

export const uncPath: EntryRule = {
  kind: 'entry',
  id: 'unc-path',
  level: 'error',
  summary: 'The path names a network share or a device on Windows',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: opening such a path makes Windows log in to another computer.',
    forPublishers: 'Pack relative paths, below one folder.',
  },
  traits: Trait.Backslash | Trait.LeadingSlash,
  check: (entry) => (/^[\\/]{2}/.test(entry.path) ? quote(entry.path) : undefined),
};
