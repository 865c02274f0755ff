import { Trait } from '../../containers/entry.ts';
import { quote } from '../../text/printable.ts';
import type { EntryRule } from '../rule.ts';

const C1 = /[\u0080-\u009f]/;

export const controlCharacter: EntryRule = {
  kind: 'entry',
  id: 'control-character',
  level: 'error',
  summary: 'The path contains a control character',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: when a terminal shows the name, it can hide or change the text around it.',
    forPublishers: 'Rename the file, without the control character.',
  },
  traits: Trait.Control | Trait.NonAscii,
  check: (entry) =>
    (entry.traits & Trait.Control) !== 0 || C1.test(entry.path) ? quote(entry.path) : undefined,
};
