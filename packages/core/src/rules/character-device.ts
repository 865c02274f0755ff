import { Trait, Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const characterDevice: Rule<'character-device'> = defineRule({
  id: 'character-device',
  level: 'error',
  summary: 'The entry is a character device',
  remedy:
    'Do not install it, and report it to the registry: unpacked by root, it opens a device of the machine under a harmless name. As its publisher, find the device in the folder that you pack, and leave it out.',
  entry: {
    traits: Trait.SpecialType,
    check: (entry) =>
      entry.typeflag === Typeflag.CharacterDevice
        ? 'typeflag ' + quote(String.fromCharCode(entry.typeflag))
        : undefined,
  },
});
