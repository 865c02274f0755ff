import { Trait } from '../archive/entry.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const typeBitsInMode: Rule<'type-bits-in-mode'> = defineRule({
  id: 'type-bits-in-mode',
  level: 'warning',
  summary: 'The mode of the entry repeats the file type',
  remedy:
    'Nothing needs doing: extractors cut these bits off. As its publisher, repack with a current client, which writes permissions only.',
  entry: {
    traits: Trait.TypeInMode,
    check: (entry) => `mode ${entry.mode.toString(8)}`,
  },
});
