import { Trait, Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const sparseFile: Rule<'sparse-file'> = defineRule({
  id: 'sparse-file',
  level: 'error',
  summary: 'The entry is a GNU sparse file, whose content only part of the extractors restore',
  remedy:
    'Do not install it: package managers leave the file out or fail, other tools restore it. As its publisher, do not pack with `--sparse`.',
  entry: {
    traits: Trait.SpecialType,
    check: (entry) =>
      entry.typeflag === Typeflag.GnuSparse
        ? 'typeflag ' + quote(String.fromCharCode(entry.typeflag))
        : undefined,
  },
});
