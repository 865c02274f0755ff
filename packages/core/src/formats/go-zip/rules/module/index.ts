import type { ModuleRule } from '../../module-rule.ts';
import { goModMisplaced } from './go-mod-misplaced.ts';
import { goModOtherPath } from './go-mod-other-path.ts';
import { moduleFileName } from './module-file-name.ts';
import { moduleNameInvalid } from './module-name-invalid.ts';
import { moduleNameMismatch } from './module-name-mismatch.ts';
import { moduleOutsideFolder } from './module-outside-folder.ts';
import { moduleSizeLimit } from './module-size-limit.ts';

export const goModuleRules: readonly ModuleRule[] = [
  goModMisplaced,
  goModOtherPath,
  moduleFileName,
  moduleNameInvalid,
  moduleNameMismatch,
  moduleOutsideFolder,
  moduleSizeLimit,
];
