import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const windowsReservedName: Rule<'windows-reserved-name'> = defineRule({
  id: 'windows-reserved-name',
  level: 'error',
  summary: 'The path has the name of a Windows device',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.ReservedName,
    check: (entry) => quote(entry.path),
  },
});
