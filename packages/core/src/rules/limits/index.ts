// Written by `pnpm rules`, from the files beside it.
import type { EntryRule, ReaderRule } from '../rule.ts';
import { rule as unpackedSizeLimit } from './unpacked-size-limit.ts';
import { rule as compressionRatioLimit } from './compression-ratio-limit.ts';
import { rule as entryCountLimit } from './entry-count-limit.ts';
import { rule as pathLengthLimit } from './path-length-limit.ts';
import { rule as componentLengthLimit } from './component-length-limit.ts';
import { rule as pathDepthLimit } from './path-depth-limit.ts';

export const limitsRules: readonly (EntryRule | ReaderRule)[] = [
  unpackedSizeLimit,
  compressionRatioLimit,
  entryCountLimit,
  pathLengthLimit,
  componentLengthLimit,
  pathDepthLimit,
];
