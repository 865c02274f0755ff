import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

const C1 = /[\u0080-\u009f]/;

export const controlCharacter: Rule<'control-character'> = defineRule({
  id: 'control-character',
  level: 'error',
  summary: 'The path holds a control character',
  remedy:
    'Do not install it, and report it to the registry: shown on a terminal, the name can hide or rewrite what you read. As its publisher, rename the file, without the control character.',
  entry: {
    traits: Trait.Control | Trait.NonAscii,
    check: (entry) =>
      (entry.traits & Trait.Control) !== 0 || C1.test(entry.path) ? quote(entry.path) : undefined,
  },
});
