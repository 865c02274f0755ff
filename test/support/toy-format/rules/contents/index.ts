import type { ToyRule } from '../../format.ts';
import { toyNameMissing } from './toy-name-missing.ts';

export const toyContentsRules: readonly ToyRule[] = [toyNameMissing];
