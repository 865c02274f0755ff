// Written by `pnpm rules`, from the files beside it.
import type { ReaderRule, TreeRule } from '../rule.ts';
import { rule as duplicatePath } from './duplicate-path.ts';
import { rule as duplicatePathIdentical } from './duplicate-path-identical.ts';
import { rule as repeatedDirectory } from './repeated-directory.ts';
import { rule as caseCollision } from './case-collision.ts';
import { rule as unicodeCollision } from './unicode-collision.ts';
import { rule as shortNameCollision } from './short-name-collision.ts';
import { rule as fileDirectoryConflict } from './file-directory-conflict.ts';

export const duplicatesRules: readonly (ReaderRule | TreeRule)[] = [
  duplicatePath,
  duplicatePathIdentical,
  repeatedDirectory,
  caseCollision,
  unicodeCollision,
  shortNameCollision,
  fileDirectoryConflict,
];
