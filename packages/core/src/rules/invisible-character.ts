import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

// Bidirectional controls, zero-width characters and the byte order mark; joiners inside emoji are not asked for.
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/;

export const invisibleCharacter: Rule<'invisible-character'> = defineRule({
  id: 'invisible-character',
  level: 'error',
  summary:
    'The path holds an invisible or direction-changing character, so it is not what it looks like',
  remedy:
    'Read the escaped name: it is not the file that it looks like. Do not install it, and report it to the registry. As its publisher, rename the file, without the invisible character.',
  entry: {
    traits: Trait.NonAscii,
    check: (entry) => (INVISIBLE.test(entry.path) ? quote(entry.path) : undefined),
  },
});
