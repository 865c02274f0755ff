// Written by `pnpm rules`, from the files beside it.
import type { EntryRule } from '../rule.ts';
import { rule as symlink } from './symlink.ts';
import { rule as hardlink } from './hardlink.ts';
import { rule as characterDevice } from './character-device.ts';
import { rule as blockDevice } from './block-device.ts';
import { rule as fifo } from './fifo.ts';
import { rule as contiguousFile } from './contiguous-file.ts';
import { rule as sparseFile } from './sparse-file.ts';
import { rule as unknownTypeflag } from './unknown-typeflag.ts';

export const typesRules: readonly EntryRule[] = [
  symlink,
  hardlink,
  characterDevice,
  blockDevice,
  fifo,
  contiguousFile,
  sparseFile,
  unknownTypeflag,
];
