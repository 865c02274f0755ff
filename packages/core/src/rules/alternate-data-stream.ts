import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const alternateDataStream: Rule<'alternate-data-stream'> = defineRule({
  id: 'alternate-data-stream',
  level: 'error',
  summary: 'The path holds a colon, which names a stream of another file on Windows',
  remedy:
    'Do not install it, and report it to the registry: on Windows it hides inside of another file, or is `.git` by another name. As its publisher, rename the file, without the colon.',
  entry: {
    traits: Trait.Colon,
    check: (entry) => quote(entry.path),
  },
});
