import { Trait } from '../../containers/entry.ts';
import { quote } from '../../text/printable.ts';
import type { EntryRule } from '../rule.ts';

// Bidirectional controls, zero-width characters, the byte order mark, Hangul and Khmer fillers, tags, and the code points that
// Unicode reserves for more of them. Joiners and variation selectors are allowed, since emoji and scripts need them.
const INVISIBLE =
  /\u17b4|\u17b5|[\u061c\u115f\u1160\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/u;
/** Flags such as that of England: a black flag, then letters as tags. */
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007e}]+\u{e007f}/gu;

export const invisibleCharacter: EntryRule = {
  kind: 'entry',
  id: 'invisible-character',
  level: 'error',
  summary:
    'The path contains an invisible or direction-changing character, so it is not what it looks like',
  advice: {
    forUsers:
      'Do not install it, and report it to the registry: the name looks like another one. The escaped name above shows the difference.',
    forPublishers: 'Rename the file, without the invisible character.',
  },
  traits: Trait.NonAscii,
  check: (entry) => (INVISIBLE.test(entry.path.replace(FLAG, '')) ? quote(entry.path) : undefined),
};
