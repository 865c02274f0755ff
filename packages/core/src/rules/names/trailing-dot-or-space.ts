import { Trait } from '../../containers/entry.ts';
import { pathRule } from '../entry-rules.ts';
import type { EntryRule } from '../rule.ts';

export const rule: EntryRule = pathRule(Trait.TrailingDotOrSpace, {
  id: 'trailing-dot-or-space',
  level: 'error',
  summary: 'A component of the path ends in a dot or a space, which Windows drops',
  advice: {
    forUsers:
      'Do not install it: on Windows the file replaces the one of the same name without the dot or space. Report it to the registry.',
    forPublishers: 'Rename the file, without what Windows drops.',
  },
});
