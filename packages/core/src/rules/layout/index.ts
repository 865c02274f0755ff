// Written by `pnpm rules`, from the files beside it.
import type { TreeRule } from '../rule.ts';
import { rule as multipleTopFolders } from './multiple-top-folders.ts';
import { rule as noTopFolder } from './no-top-folder.ts';

export const layoutRules: readonly TreeRule[] = [multipleTopFolders, noTopFolder];
