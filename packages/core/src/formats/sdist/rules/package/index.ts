import type { EntryRule, TreeRule } from '../../../../rules/rule.ts';
import type { SdistRule } from '../../sdist-rule.ts';
import { pkgInfoIrregular } from './pkg-info-irregular.ts';
import { pkgInfoOversized } from './pkg-info-oversized.ts';
import { sdistFolderName } from './sdist-folder-name.ts';
import { hardlinkTarget } from './hardlink-target.ts';
import { executableWithoutOwner } from './executable-without-owner.ts';
import { paxSizeRepeated } from './pax-size-repeated.ts';
import { pkgInfoInvalid, pkgInfoMissing } from './pkg-info-unusable.ts';
import {
  pkgInfoNameMismatch,
  pkgInfoVersionMismatch,
  sdistFileNameMismatch,
} from './pkg-info-mismatch.ts';

export const sdistPackageRules: readonly (EntryRule | SdistRule | TreeRule)[] = [
  pkgInfoInvalid,
  pkgInfoIrregular,
  pkgInfoMissing,
  pkgInfoNameMismatch,
  pkgInfoOversized,
  pkgInfoVersionMismatch,
  sdistFileNameMismatch,
  sdistFolderName,
  hardlinkTarget,
  executableWithoutOwner,
  paxSizeRepeated,
];
