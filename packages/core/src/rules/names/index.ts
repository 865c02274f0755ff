// Written by `pnpm rules`, from the files beside it.
import type { EntryRule } from '../rule.ts';
import { rule as nulInPath } from './nul-in-path.ts';
import { rule as controlCharacter } from './control-character.ts';
import { rule as invisibleCharacter } from './invisible-character.ts';
import { rule as invalidUtf8 } from './invalid-utf8.ts';
import { rule as windowsReservedName } from './windows-reserved-name.ts';
import { rule as windowsCharacter } from './windows-character.ts';
import { rule as trailingDotOrSpace } from './trailing-dot-or-space.ts';
import { rule as emptyPath } from './empty-path.ts';
import { rule as emptyComponent } from './empty-component.ts';
import { rule as leadingDotFolder } from './leading-dot-folder.ts';

export const namesRules: readonly EntryRule[] = [
  nulInPath,
  controlCharacter,
  invisibleCharacter,
  invalidUtf8,
  windowsReservedName,
  windowsCharacter,
  trailingDotOrSpace,
  emptyPath,
  emptyComponent,
  leadingDotFolder,
];
