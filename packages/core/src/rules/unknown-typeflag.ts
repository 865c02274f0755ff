import { Trait, Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

const KNOWN: ReadonlySet<number> = new Set(Object.values(Typeflag));

export const unknownTypeflag: Rule<'unknown-typeflag'> = defineRule({
  id: 'unknown-typeflag',
  level: 'error',
  summary: 'The entry is of a type that extractors treat differently',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.SpecialType,
    check: (entry) =>
      KNOWN.has(entry.typeflag)
        ? undefined
        : `typeflag ${quote(String.fromCharCode(entry.typeflag))}`,
  },
});
