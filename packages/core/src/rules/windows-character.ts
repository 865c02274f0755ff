import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const windowsCharacter: Rule<'windows-character'> = defineRule({
  id: 'windows-character',
  level: 'warning',
  summary: 'The path holds a character that Windows does not allow in names',
  remedy:
    'On Linux and macOS nothing needs doing; on Windows the file is missing, or has another name. As its publisher, rename the file, without the character.',
  entry: {
    traits: Trait.WindowsCharacter,
    check: (entry) => quote(entry.path),
  },
});
