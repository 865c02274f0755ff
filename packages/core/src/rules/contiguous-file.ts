import { Trait, Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const contiguousFile: Rule<'contiguous-file'> = defineRule({
  id: 'contiguous-file',
  level: 'error',
  summary: 'The entry is a contiguous file, which part of the extractors do not write',
  remedy:
    'Do not install it: npm and bun write the file, pnpm and Yarn leave it out or fail. As its publisher, repack with a current client, which writes ordinary files.',
  entry: {
    traits: Trait.SpecialType,
    check: (entry) =>
      entry.typeflag === Typeflag.Contiguous
        ? 'typeflag ' + quote(String.fromCharCode(entry.typeflag))
        : undefined,
  },
});
