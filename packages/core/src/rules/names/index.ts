import { Trait } from '../../containers/entry.ts';
import { quote } from '../../text/printable.ts';
import type { EntryRule } from '../rule.ts';
import { advice, pathRule, withCodes } from '../table-rows.ts';

const C1 = /[\u0080-\u009f]/;
// Bidirectional controls, zero-width characters, the byte order mark, Hangul and Khmer fillers, tags, and the code points that
// Unicode reserves for more of them. Joiners and variation selectors are allowed, since emoji and scripts need them.
const INVISIBLE =
  /\u17b4|\u17b5|[\u061c\u115f\u1160\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufff8\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/u;
/** Flags such as that of England: a black flag, then letters as tags. */
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007e}]+\u{e007f}/gu;

const unsafeCharacter = withCodes({
  id: 'unsafe-character',
  level: 'error',
  summary: 'The path contains a character that makes it another path, or look like one',
  advice: advice(
    'Do not install it, and report it to the registry: the name is not what you see, or differs from tool to tool. The escaped name above shows the difference.',
    'Rename the file, and set the system to UTF-8 before packing.',
  ),
});

const windowsName = withCodes({
  id: 'windows-name',
  level: 'error',
  summary: 'The path has a name that means another file on Windows',
  advice: advice(
    'Do not install it on Windows, where the name opens a device or replaces another file; report it to its maintainers, who have not tested it there.',
    'Rename the file. For a device an extension does not help: `con.js` is still the device.',
  ),
});

const emptyName = withCodes({
  id: 'empty-name',
  level: 'error',
  summary: 'The path is empty, or a part of it is',
  advice: advice(
    'Do not install it, and report it to the registry: some tools lose every file after the entry, treat the path as absolute, or the file as a folder.',
    'Join paths with single slashes, and pack again; look for the script that wrote a header without a name.',
  ),
});

export const namesRules: readonly EntryRule[] = [
  pathRule(
    Trait.Nul,
    unsafeCharacter(
      'nul-in-path',
      'The path contains a NUL, and some extractors cut the path there',
    ),
  ),
  {
    ...unsafeCharacter('control-character', 'The path contains a control character'),
    kind: 'entry',
    traits: Trait.Control | Trait.NonAscii,
    check: (entry) =>
      (entry.traits & Trait.Control) !== 0 || C1.test(entry.path) ? quote(entry.path) : undefined,
  },
  {
    ...unsafeCharacter(
      'invisible-character',
      'The path contains an invisible or direction-changing character, so it is not what it looks like',
    ),
    kind: 'entry',
    traits: Trait.NonAscii,
    check: (entry) =>
      INVISIBLE.test(entry.path.replace(FLAG, '')) ? quote(entry.path) : undefined,
  },
  pathRule(
    Trait.InvalidUtf8,
    unsafeCharacter(
      'invalid-utf8',
      'The path is not valid UTF-8, so extractors give the file different names',
    ),
  ),
  pathRule(
    Trait.ReservedName,
    windowsName('windows-reserved-name', 'The path has the name of a Windows device'),
  ),
  pathRule(Trait.WindowsCharacter, {
    id: 'windows-character',
    level: 'warning',
    summary: 'The path contains a character that Windows does not allow in names',
    advice: advice(
      'You need not do anything on Linux and macOS. On Windows the file is missing or has another name.',
      'Rename the file, without the character.',
    ),
  }),
  pathRule(
    Trait.TrailingDotOrSpace,
    windowsName(
      'trailing-dot-or-space',
      'A component of the path ends in a dot or a space, which Windows drops',
    ),
  ),
  {
    ...emptyName('empty-path', 'The entry has no path, and some extractors stop reading there'),
    kind: 'entry',
    traits: Trait.Empty,
    check: () => 'the path is empty',
  },
  pathRule(
    Trait.EmptyComponent,
    emptyName(
      'empty-component',
      'The path has an empty component, or a file whose path ends in a slash',
    ),
  ),
  {
    kind: 'entry',
    id: 'leading-dot-folder',
    level: 'error',
    summary: 'The path starts with `./`, which only some extractors count as a folder',
    advice: advice(
      'Ask its maintainers to repack it: programs that count `./` as a folder write the file to another path.',
      'Pack paths that do not begin with `./`.',
      {
        npm: advice(
          'Ask its maintainers to repack it: every manager except Yarn 3 and 4 writes the file one folder too deep.',
          'Pack with `tar -C folder -czf x.tgz package`, or with `npm pack`.',
        ),
      },
    ),
    traits: Trait.Dot,
    check: (entry) => (/^\.(?:\/|$)/.test(entry.path) ? quote(entry.path) : undefined),
  },
];
