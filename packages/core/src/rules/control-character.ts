import { Trait } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

const C1 = /[\u0080-\u009f]/;

export const controlCharacter: Rule<'control-character'> = defineRule({
  id: 'control-character',
  level: 'error',
  summary: 'The path holds a control character',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  entry: {
    traits: Trait.Control | Trait.NonAscii,
    check: (entry) =>
      (entry.traits & Trait.Control) !== 0 || C1.test(entry.path) ? quote(entry.path) : undefined,
  },
});
