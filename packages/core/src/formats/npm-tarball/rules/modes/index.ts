// Written by `pnpm rules`, from the files beside it.
import type { MetadataRule } from '../../../../rules/rule.ts';
import { rule as executeWithoutOwner } from './execute-without-owner.ts';
import { rule as executableForOthers } from './executable-for-others.ts';

export const npmTarballModesRules: readonly MetadataRule[] = [
  executeWithoutOwner,
  executableForOthers,
];
