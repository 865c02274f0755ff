import { Trait, Typeflag } from '../../containers/entry.ts';
import { quote } from '../../text/printable.ts';
import type { EntryRule } from '../rule.ts';

const KNOWN: ReadonlySet<number> = new Set(Object.values(Typeflag));

export const unknownTypeflag: EntryRule = {
  kind: 'entry',
  id: 'unknown-typeflag',
  level: 'error',
  summary: 'The entry is of a type that extractors treat differently',
  advice: {
    forUsers:
      'Do not install it: some extractors leave the entry out, others write a file or fail.',
    forPublishers: 'Repack with a current packaging tool, which writes ordinary files only.',
    elsewhere: {
      npm: {
        forUsers:
          'Do not install it: npm leaves the entry out, pnpm 10 and 11 fail, and other tools write a file.',
        forPublishers: 'Repack with `npm pack`, which writes ordinary files.',
      },
    },
  },
  field: 'typeflag',
  traits: Trait.SpecialType,
  check: (entry) =>
    KNOWN.has(entry.typeflag)
      ? undefined
      : `typeflag ${quote(String.fromCharCode(entry.typeflag))}`,
};
