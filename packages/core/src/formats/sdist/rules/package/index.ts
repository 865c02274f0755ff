// Written by `pnpm rules`, from the files beside it.
import type { EntryRule, TreeRule } from '../../../../rules/rule.ts';
import type { SdistRule } from '../../sdist-rule.ts';
import { rule as pkgInfoInvalid } from './pkg-info-invalid.ts';
import { rule as pkgInfoIrregular } from './pkg-info-irregular.ts';
import { rule as pkgInfoMissing } from './pkg-info-missing.ts';
import { rule as pkgInfoNameMismatch } from './pkg-info-name-mismatch.ts';
import { rule as pkgInfoOversized } from './pkg-info-oversized.ts';
import { rule as pkgInfoVersionMismatch } from './pkg-info-version-mismatch.ts';
import { rule as sdistFileNameMismatch } from './sdist-file-name-mismatch.ts';
import { rule as sdistFolderName } from './sdist-folder-name.ts';
import { rule as hardlinkTarget } from './hardlink-target.ts';
import { rule as executableWithoutOwner } from './executable-without-owner.ts';
import { rule as paxSizeRepeated } from './pax-size-repeated.ts';

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
