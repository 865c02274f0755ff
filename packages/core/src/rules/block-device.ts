import { Trait, Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const blockDevice: Rule<'block-device'> = defineRule({
  id: 'block-device',
  level: 'error',
  summary: 'The entry is a block device',
  remedy:
    'Do not install it, and report it to the registry: unpacked by root, it opens a disk past all permissions. As its publisher, find the device in the folder that you pack, and leave it out.',
  entry: {
    traits: Trait.SpecialType,
    check: (entry) =>
      entry.typeflag === Typeflag.BlockDevice
        ? 'typeflag ' + quote(String.fromCharCode(entry.typeflag))
        : undefined,
  },
});
