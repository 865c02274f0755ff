import type { TreeRule } from '../rule.ts';
import { multipleTopFolders } from './multiple-top-folders.ts';
import { noTopFolder } from './no-top-folder.ts';

export const layoutRules: readonly TreeRule[] = [multipleTopFolders, noTopFolder];
