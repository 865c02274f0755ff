// Written by `pnpm rules`, from the files beside it.
import type { ReaderRule } from '../rule.ts';
import { rule as paxMalformed } from './pax-malformed.ts';
import { rule as paxValueNewline } from './pax-value-newline.ts';
import { rule as paxRepeatedKey } from './pax-repeated-key.ts';
import { rule as paxSizeMismatch } from './pax-size-mismatch.ts';
import { rule as paxPathMismatch } from './pax-path-mismatch.ts';
import { rule as paxLinkpathMismatch } from './pax-linkpath-mismatch.ts';
import { rule as paxGlobalOverride } from './pax-global-override.ts';
import { rule as paxCharset } from './pax-charset.ts';
import { rule as paxSparse } from './pax-sparse.ts';

export const paxRules: readonly ReaderRule[] = [
  paxMalformed,
  paxValueNewline,
  paxRepeatedKey,
  paxSizeMismatch,
  paxPathMismatch,
  paxLinkpathMismatch,
  paxGlobalOverride,
  paxCharset,
  paxSparse,
];
