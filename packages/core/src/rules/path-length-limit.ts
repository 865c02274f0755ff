import { Trait } from '../archive/entry.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const pathLengthLimit: Rule<'path-length-limit'> = defineRule({
  id: 'path-length-limit',
  level: 'error',
  stopsReading: true,
  summary: 'The path is longer than the limit',
  remedy:
    'If the package needs such paths, raise `limits.pathBytes` in your own policy file; Windows and some tools stop earlier all the same. As its publisher, use shorter names, and fewer folders.',
  entry: {
    traits: Trait.LongPath,
    check: (entry) => `${entry.path.length} characters`,
  },
});
