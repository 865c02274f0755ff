// Written by `pnpm rules`, from the files beside it.
import type { EntryRule } from '../rule.ts';
import { rule as specialModeBits } from './special-mode-bits.ts';
import { rule as typeBitsInMode } from './type-bits-in-mode.ts';

export const modesRules: readonly EntryRule[] = [specialModeBits, typeBitsInMode];
