import { Trait } from '../archive/entry.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const typeBitsInMode: Rule<'type-bits-in-mode'> = defineRule({
  id: 'type-bits-in-mode',
  level: 'warning',
  summary: 'The mode of the entry repeats the file type',
  remedy: 'Ask the publisher to repack the archive with a current `npm pack`.',
  entry: {
    traits: Trait.TypeInMode,
    check: (entry) => `mode ${entry.mode.toString(8)}`,
  },
});
