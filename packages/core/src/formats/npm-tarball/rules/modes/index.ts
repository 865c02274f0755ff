import type { MetadataRule } from '../../../../rules/rule.ts';
import { executeWithoutOwner } from './execute-without-owner.ts';
import { executableForOthers } from './executable-for-others.ts';

export const npmModesRules: readonly MetadataRule[] = [executeWithoutOwner, executableForOthers];
