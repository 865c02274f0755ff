import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const componentLengthLimit: Rule<'component-length-limit'> = defineRule({
  id: 'component-length-limit',
  level: 'error',
  summary: 'A component of the path is longer than file systems allow',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.LongComponent,
    check: (entry) => quote(entry.path),
  },
});
