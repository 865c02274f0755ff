import { Trait, Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const symlink: Rule<'symlink'> = defineRule({
  id: 'symlink',
  level: 'error',
  summary: 'The entry is a symbolic link',
  remedy:
    'Do not install it: no package published by a current client has links. If a trusted package needs this one, add an exception, or ask the publisher to ship a file.',
  entry: {
    traits: Trait.SpecialType,
    check: (entry, context) =>
      context.links === 'reject' && entry.typeflag === Typeflag.Symlink
        ? `it points to ${quote(entry.linkpath)}`
        : undefined,
  },
});
