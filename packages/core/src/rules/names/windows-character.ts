import { Trait } from '../../containers/entry.ts';
import { pathRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = pathRule(Trait.WindowsCharacter, {
  id: 'windows-character',
  level: 'warning',
  summary: 'The path holds a character that Windows does not allow in names',
  advice: {
    forUsers:
      'On Linux and macOS nothing needs doing; on Windows the file is missing, or has another name.',
    forPublishers: 'Rename the file, without the character.',
  },
});
