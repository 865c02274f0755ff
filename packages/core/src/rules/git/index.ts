// Written by `pnpm rules`, from the files beside it.
import type { EntryRule } from '../rule.ts';
import { rule as plantedGit } from './planted-git.ts';

export const gitRules: readonly EntryRule[] = [plantedGit];
