// Written by `pnpm rules`, from the files beside it.
import type { ModuleRule } from '../../module-rule.ts';
import { rule as goModMisplaced } from './go-mod-misplaced.ts';
import { rule as goModOtherPath } from './go-mod-other-path.ts';
import { rule as moduleFileName } from './module-file-name.ts';
import { rule as moduleNameInvalid } from './module-name-invalid.ts';
import { rule as moduleNameMismatch } from './module-name-mismatch.ts';
import { rule as moduleOutsideFolder } from './module-outside-folder.ts';
import { rule as moduleSizeLimit } from './module-size-limit.ts';

export const goZipModuleRules: readonly ModuleRule[] = [
  goModMisplaced,
  goModOtherPath,
  moduleFileName,
  moduleNameInvalid,
  moduleNameMismatch,
  moduleOutsideFolder,
  moduleSizeLimit,
];
