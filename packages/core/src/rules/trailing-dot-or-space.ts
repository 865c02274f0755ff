import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const trailingDotOrSpace: Rule<'trailing-dot-or-space'> = defineRule({
  id: 'trailing-dot-or-space',
  level: 'error',
  summary: 'A component of the path ends in a dot or a space, which Windows drops',
  remedy:
    'Do not install it: on Windows the file replaces the one of the same name without the dot or space. Report it to the registry. As its publisher, rename the file, without what Windows drops.',
  entry: {
    traits: Trait.TrailingDotOrSpace,
    check: (entry) => quote(entry.path),
  },
});
