import { Trait } from '../../containers/entry.ts';
import type { EntryRule } from '../rule.ts';

export const typeBitsInMode: EntryRule = {
  kind: 'entry',
  id: 'type-bits-in-mode',
  level: 'warning',
  elsewhere: {
    sdist: { level: 'note', why: 'maturin, which packs sdists with Rust in them, writes them so.' },
    rubygems: {
      level: 'note',
      why: 'RubyGems writes the type with every mode, so that nearly all gems have it.',
    },
  },
  summary: 'The mode of the entry repeats the file type',
  advice: {
    forUsers: 'Nothing needs doing: extractors cut these bits off.',
    forPublishers: 'Repack with a current packaging tool, which writes permissions only.',
    elsewhere: {
      sdist: {
        forUsers:
          'Nothing needs doing: maturin writes modes so, and extractors cut these bits off.',
        forPublishers: 'Nothing has to be done, whatever packed it.',
      },
      rubygems: {
        forUsers:
          'Nothing needs doing: RubyGems writes every mode so, and extractors cut these bits off.',
        forPublishers: 'Nothing has to be done: `gem build` writes modes so.',
      },
    },
  },
  field: 'mode',
  traits: Trait.TypeInMode,
  check: (entry) => `mode ${entry.mode.toString(8)}`,
};
