import { Typeflag } from '../../containers/entry.ts';
import { typeRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = typeRule(Typeflag.Fifo, {
  id: 'fifo',
  level: 'error',
  summary: 'The entry is a named pipe',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: whatever opens the pipe waits for ever.',
    forPublishers: 'Find the pipe in the folder that you pack, and leave it out.',
  },
});
