import { Trait, Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const hardlink: Rule<'hardlink'> = defineRule({
  id: 'hardlink',
  level: 'error',
  summary: 'The entry is a hard link',
  remedy:
    'Do not install it: what becomes of the link depends on the manager. For an old package that you know, add an exception. As its publisher, use `npm pack`, or `--hard-dereference` of GNU tar.',
  entry: {
    traits: Trait.SpecialType,
    check: (entry, context) =>
      context.links === 'reject' && entry.typeflag === Typeflag.Hardlink
        ? `it points to ${quote(entry.linkpath)}`
        : undefined,
  },
});
