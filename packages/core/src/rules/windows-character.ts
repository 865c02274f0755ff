import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const windowsCharacter: Rule<'windows-character'> = defineRule({
  id: 'windows-character',
  level: 'warning',
  summary: 'The path holds a character that Windows does not allow in names',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
  entry: {
    traits: Trait.WindowsCharacter,
    check: (entry) => quote(entry.path),
  },
});
