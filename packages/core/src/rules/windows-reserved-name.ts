import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const windowsReservedName: Rule<'windows-reserved-name'> = defineRule({
  id: 'windows-reserved-name',
  level: 'error',
  summary: 'The path has the name of a Windows device',
  remedy:
    'Do not install it on Windows, where the name opens a device; report it, since its maintainers cannot have tested there. As its publisher, rename the file, also where only its extension tells it from the device.',
  entry: {
    traits: Trait.ReservedName,
    check: (entry) => quote(entry.path),
  },
});
