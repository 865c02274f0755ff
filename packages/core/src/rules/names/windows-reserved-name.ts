import { Trait } from '../../containers/entry.ts';
import { pathRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = pathRule(Trait.ReservedName, {
  id: 'windows-reserved-name',
  level: 'error',
  summary: 'The path has the name of a Windows device',
  advice: {
    forUsers:
      'Do not install it on Windows, where the name opens a device; report it, since its maintainers cannot have tested there.',
    forPublishers: 'Rename the file, also where only its extension tells it from the device.',
  },
});
