import { Trait } from '../../containers/entry.ts';
import type { EntryRule } from '../rule.ts';

export const specialModeBits: EntryRule = {
  kind: 'entry',
  id: 'special-mode-bits',
  level: 'error',
  elsewhere: {
    sdist: {
      level: 'note',
      why: 'Sdists have set-group-id on folders, because the file system of their maintainer had it. pip and uv give no file such a mode.',
    },
  },
  summary: 'The entry asks for the set-user-id, set-group-id or sticky bit',
  advice: {
    forUsers:
      'Do not install it, least of all as root: the file would run with the rights of its owner, whichever user starts it.',
    forPublishers: 'Take the bits off (`chmod u-s,g-s,-t`), and pack again.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it, least of all as root or with `-g`: the file would run with the rights of its owner, whichever user starts it.',
        forPublishers: 'Take the bits off (`chmod u-s,g-s,-t`), and pack again.',
      },
      sdist: {
        forUsers: 'You need not do anything: pip and uv give no file such a mode.',
        forPublishers: 'Take the bits off (`chmod u-s,g-s,-t`) before you build the sdist.',
      },
    },
  },
  field: 'mode',
  traits: Trait.SpecialMode,
  check: (entry) => `mode ${entry.mode.toString(8)}`,
};
