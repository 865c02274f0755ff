// Written by `pnpm rules`, from the files beside it.
import type { ReaderRule } from '../../../../rules/rule.ts';
import { rule as zipOutsidePackage } from './zip-outside-package.ts';

export const yarnZipLayoutRules: readonly ReaderRule[] = [zipOutsidePackage];
