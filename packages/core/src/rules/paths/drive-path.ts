import { Trait } from '../../containers/entry.ts';
import { quote } from '../../text/printable.ts';
import type { EntryRule } from '../rule.ts';

export const drivePath: EntryRule = {
  kind: 'entry',
  id: 'drive-path',
  level: 'error',
  summary: 'The path starts with a drive letter on Windows',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: on Windows the path leads out of the package.',
    forPublishers: 'Rename the file, without the drive letter.',
  },
  traits: Trait.Colon,
  check: (entry) => (/(?:^|\/)[A-Za-z]:/.test(entry.path) ? quote(entry.path) : undefined),
};
