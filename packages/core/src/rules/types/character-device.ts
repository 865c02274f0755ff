import { Typeflag } from '../../containers/entry.ts';
import { typeRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = typeRule(Typeflag.CharacterDevice, {
  id: 'character-device',
  level: 'error',
  summary: 'The entry is a character device',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: unpacked by root, it opens a device of the machine under a harmless name.',
    forPublishers: 'Find the device in the folder that you pack, and leave it out.',
  },
});
