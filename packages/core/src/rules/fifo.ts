import { Trait, Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const fifo: Rule<'fifo'> = defineRule({
  id: 'fifo',
  level: 'error',
  summary: 'The entry is a named pipe',
  remedy:
    'Do not install it, and report it to the registry: whatever opens the pipe waits for ever. As its publisher, find the pipe in the folder that you pack, and leave it out.',
  entry: {
    traits: Trait.SpecialType,
    check: (entry) =>
      entry.typeflag === Typeflag.Fifo
        ? 'typeflag ' + quote(String.fromCharCode(entry.typeflag))
        : undefined,
  },
});
