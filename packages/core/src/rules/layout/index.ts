import type { TreeRule } from '../rule.ts';
import { multipleTopFolders, noTopFolder } from './outside-package-folder.ts';

export const layoutRules: readonly TreeRule[] = [multipleTopFolders, noTopFolder];
