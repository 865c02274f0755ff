import type { EntryRule } from '../rule.ts';
import { plantedGit } from './planted-git.ts';

export const gitRules: readonly EntryRule[] = [plantedGit];
