import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const alternateDataStream: Rule<'alternate-data-stream'> = defineRule({
  id: 'alternate-data-stream',
  level: 'error',
  summary: 'The path holds a colon, which names a stream of another file on Windows',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.Colon,
    check: (entry) => quote(entry.path),
  },
});
