// Written by `pnpm rules`, from the files beside it.
import type { EntryRule } from '../rule.ts';
import { rule as pathTraversal } from './path-traversal.ts';
import { rule as absolutePath } from './absolute-path.ts';
import { rule as uncPath } from './unc-path.ts';
import { rule as drivePath } from './drive-path.ts';
import { rule as backslashPath } from './backslash-path.ts';
import { rule as alternateDataStream } from './alternate-data-stream.ts';

export const pathsRules: readonly EntryRule[] = [
  pathTraversal,
  absolutePath,
  uncPath,
  drivePath,
  backslashPath,
  alternateDataStream,
];
