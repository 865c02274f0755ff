import { Trait } from '../../containers/entry.ts';
import { pathRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = pathRule(Trait.Backslash, {
  id: 'backslash-path',
  level: 'error',
  summary: 'The path holds a backslash, which Windows treats as a separator',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: on Windows the file lands elsewhere than on Linux and macOS.',
    forPublishers: 'Pack with a current packaging tool, which writes slashes on Windows as well.',
  },
});
