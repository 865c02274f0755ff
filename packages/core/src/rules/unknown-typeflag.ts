import { Trait, Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

const KNOWN: ReadonlySet<number> = new Set(Object.values(Typeflag));

export const unknownTypeflag: Rule<'unknown-typeflag'> = defineRule({
  id: 'unknown-typeflag',
  level: 'error',
  summary: 'The entry is of a type that extractors treat differently',
  remedy:
    'Do not install it: npm leaves the entry out, pnpm 10 and 11 fail, other tools write a file. As its publisher, repack with `npm pack`, which writes ordinary files.',
  entry: {
    traits: Trait.SpecialType,
    check: (entry) =>
      KNOWN.has(entry.typeflag)
        ? undefined
        : `typeflag ${quote(String.fromCharCode(entry.typeflag))}`,
  },
});
