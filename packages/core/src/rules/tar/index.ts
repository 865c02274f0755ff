// Written by `pnpm rules`, from the files beside it.
import type { ReaderRule } from '../rule.ts';
import { rule as tarChecksum } from './tar-checksum.ts';
import { rule as tarSignedChecksum } from './tar-signed-checksum.ts';
import { rule as foreignMagic } from './foreign-magic.ts';
import { rule as tarMagic } from './tar-magic.ts';
import { rule as tarBlankMagic } from './tar-blank-magic.ts';
import { rule as tarPrefix } from './tar-prefix.ts';
import { rule as tarFieldResidue } from './tar-field-residue.ts';
import { rule as invalidNumber } from './invalid-number.ts';
import { rule as base256Number } from './base256-number.ts';
import { rule as paddedNumber } from './padded-number.ts';
import { rule as invalidSize } from './invalid-size.ts';
import { rule as sizeOnNonFile } from './size-on-non-file.ts';
import { rule as linkTargetOnFile } from './link-target-on-file.ts';
import { rule as tarTruncated } from './tar-truncated.ts';
import { rule as missingEndMarker } from './missing-end-marker.ts';
import { rule as entriesAfterEnd } from './entries-after-end.ts';
import { rule as nonzeroTail } from './nonzero-tail.ts';
import { rule as longZeroTail } from './long-zero-tail.ts';
import { rule as extendedHeaderRepeated } from './extended-header-repeated.ts';
import { rule as extendedHeaderOrphan } from './extended-header-orphan.ts';
import { rule as extendedHeaderOversized } from './extended-header-oversized.ts';
import { rule as gnuLongName } from './gnu-long-name.ts';
import { rule as extendedHeadersMixed } from './extended-headers-mixed.ts';
import { rule as extendedHeaderPadding } from './extended-header-padding.ts';

export const tarRules: readonly ReaderRule[] = [
  tarChecksum,
  tarSignedChecksum,
  foreignMagic,
  tarMagic,
  tarBlankMagic,
  tarPrefix,
  tarFieldResidue,
  invalidNumber,
  base256Number,
  paddedNumber,
  invalidSize,
  sizeOnNonFile,
  linkTargetOnFile,
  tarTruncated,
  missingEndMarker,
  entriesAfterEnd,
  nonzeroTail,
  longZeroTail,
  extendedHeaderRepeated,
  extendedHeaderOrphan,
  extendedHeaderOversized,
  gnuLongName,
  extendedHeadersMixed,
  extendedHeaderPadding,
];
