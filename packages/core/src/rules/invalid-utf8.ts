import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const invalidUtf8: Rule<'invalid-utf8'> = defineRule({
  id: 'invalid-utf8',
  level: 'error',
  summary: 'The path is not valid UTF-8, so its name differs from extractor to extractor',
  remedy:
    'Do not install it: the file has another name for each tool. Report it to the registry. As its publisher, rename the file, or set the system to UTF-8 before packing.',
  entry: {
    traits: Trait.InvalidUtf8,
    check: (entry) => quote(entry.path),
  },
});
