import { Trait } from '../../containers/entry.ts';
import { pathRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = pathRule(Trait.Colon, {
  id: 'alternate-data-stream',
  level: 'error',
  summary: 'The path holds a colon, which names a stream of another file on Windows',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: on Windows it hides inside another file, or is `.git` by another name.',
    forPublishers: 'Rename the file, without the colon.',
  },
});
