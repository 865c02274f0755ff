import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const componentLengthLimit: Rule<'component-length-limit'> = defineRule({
  id: 'component-length-limit',
  level: 'error',
  summary: 'A component of the path is longer than file systems allow',
  remedy:
    'Do not install it: no common file system takes the name. npm leaves the file out without a word, the other managers fail. As its publisher, use shorter names; letters beyond ASCII count two to four bytes.',
  entry: {
    traits: Trait.LongComponent,
    check: (entry) => quote(entry.path),
  },
});
