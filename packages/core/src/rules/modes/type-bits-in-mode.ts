import { Trait } from '../../containers/entry.ts';
import type { EntryRule } from '../rule.ts';

export const typeBitsInMode: EntryRule = {
  kind: 'entry',
  id: 'type-bits-in-mode',
  level: 'warning',
  elsewhere: {
    sdist: {
      level: 'note',
      why: 'maturin, which packs sdists that contain Rust, writes such modes.',
    },
    rubygems: {
      level: 'note',
      why: 'RubyGems writes the type with every mode, so that nearly all gems have it.',
    },
  },
  summary: 'The mode of the entry repeats the file type',
  advice: {
    forUsers: 'You need not do anything, because extractors ignore these bits.',
    forPublishers: 'Repack with a current packaging tool, which writes permissions only.',
    elsewhere: {
      sdist: {
        forUsers:
          'You need not do anything. maturin writes such modes, and extractors ignore these bits.',
        forPublishers: 'You need not do anything.',
      },
      rubygems: {
        forUsers:
          'You need not do anything. RubyGems writes every mode like this, and extractors ignore these bits.',
        forPublishers: 'You need not do anything: `gem build` writes such modes.',
      },
    },
  },
  field: 'mode',
  traits: Trait.TypeInMode,
  check: (entry) => `mode ${entry.mode.toString(8)}`,
};
