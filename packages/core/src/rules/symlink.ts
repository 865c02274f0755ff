import { Trait, Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const symlink: Rule<'symlink'> = defineRule({
  id: 'symlink',
  level: 'error',
  summary: 'The entry is a symbolic link',
  remedy:
    'Do not install it: Yarn creates the link on your disk, wherever it leads. If you trust the package and need the link, allow those that stay inside (`links: contained` in your own policy), or add an exception. As its publisher, ship the file itself; `npm pack` leaves links out, so users of npm never had it.',
  entry: {
    traits: Trait.SpecialType,
    check: (entry, context) =>
      context.links === 'reject' && entry.typeflag === Typeflag.Symlink
        ? `it points to ${quote(entry.linkpath)}`
        : undefined,
  },
});
