import { Trait } from '../../containers/entry.ts';
import type { EntryRule } from '../rule.ts';
import { advice } from '../table-rows.ts';

export const modesRules: readonly EntryRule[] = [
  {
    kind: 'entry',
    id: 'special-mode-bits',
    level: 'error',
    elsewhere: {
      sdist: {
        level: 'note',
        reason:
          'Sdists have set-group-id on folders, because the file system of their maintainer had it. pip and uv give no file such a mode.',
      },
    },
    summary: 'The entry asks for the set-user-id, set-group-id or sticky bit',
    advice: advice(
      'Do not install it, least of all as root: the file would run with the rights of its owner, whichever user starts it.',
      'Take the bits off (`chmod u-s,g-s,-t`), and pack again.',
      {
        npm: advice(
          'Do not install it, least of all as root or with `-g`: the file would run with the rights of its owner, whichever user starts it.',
          'Take the bits off (`chmod u-s,g-s,-t`), and pack again.',
        ),
        sdist: advice(
          'You need not do anything: pip and uv give no file such a mode.',
          'Take the bits off (`chmod u-s,g-s,-t`) before you build the sdist.',
        ),
      },
    ),
    field: 'mode',
    traits: Trait.SpecialMode,
    check: (entry) => `mode ${entry.mode.toString(8)}`,
  },
  {
    kind: 'entry',
    id: 'type-bits-in-mode',
    level: 'warning',
    elsewhere: {
      sdist: {
        level: 'note',
        reason: 'maturin, which packs sdists that contain Rust, writes such modes.',
      },
      rubygems: {
        level: 'note',
        reason: 'RubyGems writes the type with every mode, so that nearly all gems have it.',
      },
    },
    summary: 'The mode of the entry repeats the file type',
    advice: advice(
      'You need not do anything, because extractors ignore these bits.',
      'Repack with a current packaging tool, which writes permissions only.',
      {
        sdist: advice(
          'You need not do anything. maturin writes such modes, and extractors ignore these bits.',
          'You need not do anything.',
        ),
        rubygems: advice(
          'You need not do anything. RubyGems writes every mode like this, and extractors ignore these bits.',
          'You need not do anything: `gem build` writes such modes.',
        ),
      },
    ),
    field: 'mode',
    traits: Trait.TypeInMode,
    check: (entry) => `mode ${entry.mode.toString(8)}`,
  },
];
