import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const trailingDotOrSpace: Rule<'trailing-dot-or-space'> = defineRule({
  id: 'trailing-dot-or-space',
  level: 'error',
  summary: 'A component of the path ends in a dot or a space, which Windows drops',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.TrailingDotOrSpace,
    check: (entry) => quote(entry.path),
  },
});
