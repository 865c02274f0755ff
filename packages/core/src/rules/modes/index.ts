import type { EntryRule } from '../rule.ts';
import { specialModeBits } from './special-mode-bits.ts';
import { typeBitsInMode } from './type-bits-in-mode.ts';

export const modesRules: readonly EntryRule[] = [specialModeBits, typeBitsInMode];
