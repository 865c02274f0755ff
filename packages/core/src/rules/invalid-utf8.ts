import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const invalidUtf8: Rule<'invalid-utf8'> = defineRule({
  id: 'invalid-utf8',
  level: 'error',
  summary: 'The path is not valid UTF-8, so its name differs from extractor to extractor',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.InvalidUtf8,
    check: (entry) => quote(entry.path),
  },
});
