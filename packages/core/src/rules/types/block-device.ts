import { Typeflag } from '../../containers/entry.ts';
import { typeRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = typeRule(Typeflag.BlockDevice, {
  id: 'block-device',
  level: 'error',
  summary: 'The entry is a block device',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: unpacked by root, it opens a disk past all permissions.',
    forPublishers: 'Find the device in the folder that you pack, and leave it out.',
  },
});
