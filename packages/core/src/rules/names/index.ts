import { Trait } from '../../containers/entry.ts';
import type { EntryRule } from '../rule.ts';
import { pathRule } from '../table-rows.ts';
import { controlCharacter } from './control-character.ts';
import { invisibleCharacter } from './invisible-character.ts';
import { emptyPath } from './empty-path.ts';
import { leadingDotFolder } from './leading-dot-folder.ts';

export const namesRules: readonly EntryRule[] = [
  pathRule(Trait.Nul, {
    id: 'nul-in-path',
    level: 'error',
    summary: 'The path contains a NUL, and some extractors cut the path there',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: some tools cut the name at the NUL, and others fail or skip the file.',
      forPublishers: 'Repack with a current packaging tool; no file on disk has such a name.',
    },
  }),
  controlCharacter,
  invisibleCharacter,
  pathRule(Trait.InvalidUtf8, {
    id: 'invalid-utf8',
    level: 'error',
    summary: 'The path is not valid UTF-8, so extractors give the file different names',
    advice: {
      forUsers:
        'Do not install it: each tool gives the file another name. Report it to the registry.',
      forPublishers: 'Rename the file, or set the system to UTF-8 before packing.',
    },
  }),
  pathRule(Trait.ReservedName, {
    id: 'windows-reserved-name',
    level: 'error',
    summary: 'The path has the name of a Windows device',
    advice: {
      forUsers:
        'Do not install it on Windows, where the name opens a device; report it to its maintainers, who have not tested it there.',
      forPublishers: 'Rename the file. An extension does not help: `con.js` is still the device.',
    },
  }),
  pathRule(Trait.WindowsCharacter, {
    id: 'windows-character',
    level: 'warning',
    summary: 'The path contains a character that Windows does not allow in names',
    advice: {
      forUsers:
        'You need not do anything on Linux and macOS. On Windows the file is missing or has another name.',
      forPublishers: 'Rename the file, without the character.',
    },
  }),
  pathRule(Trait.TrailingDotOrSpace, {
    id: 'trailing-dot-or-space',
    level: 'error',
    summary: 'A component of the path ends in a dot or a space, which Windows drops',
    advice: {
      forUsers:
        'Do not install it: on Windows the file replaces the one of the same name without the dot or space. Report it to the registry.',
      forPublishers: 'Rename the file, without the dots or spaces at the end.',
    },
  }),
  emptyPath,
  pathRule(Trait.EmptyComponent, {
    id: 'empty-component',
    level: 'error',
    summary: 'The path has an empty component, or a file whose path ends in a slash',
    advice: {
      forUsers:
        'Do not install it, and report it to the registry: some tools treat the path as absolute, or the file as a folder.',
      forPublishers: 'Join paths with single slashes, and pack again.',
    },
  }),
  leadingDotFolder,
];
