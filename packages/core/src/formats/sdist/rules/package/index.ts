import type { EntryRule, TreeRule } from '../../../../rules/rule.ts';
import type { SdistRule } from '../../sdist-rule.ts';
import { pkgInfoInvalid } from './pkg-info-invalid.ts';
import { pkgInfoIrregular } from './pkg-info-irregular.ts';
import { pkgInfoMissing } from './pkg-info-missing.ts';
import { pkgInfoNameMismatch } from './pkg-info-name-mismatch.ts';
import { pkgInfoOversized } from './pkg-info-oversized.ts';
import { pkgInfoVersionMismatch } from './pkg-info-version-mismatch.ts';
import { sdistFileNameMismatch } from './sdist-file-name-mismatch.ts';
import { sdistFolderName } from './sdist-folder-name.ts';
import { hardlinkTarget } from './hardlink-target.ts';
import { executableWithoutOwner } from './executable-without-owner.ts';
import { paxSizeRepeated } from './pax-size-repeated.ts';

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
