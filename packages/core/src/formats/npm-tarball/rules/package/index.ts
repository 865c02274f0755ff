// Written by `pnpm rules`, from the files beside it.
import type { EntryRule, MetadataRule } from '../../../../rules/rule.ts';
import { rule as plantedNodeModulesBin } from './planted-node-modules-bin.ts';
import { rule as plantedManagerState } from './planted-manager-state.ts';
import { rule as manifestMissing } from './manifest-missing.ts';
import { rule as manifestDuplicate } from './manifest-duplicate.ts';
import { rule as manifestLink } from './manifest-link.ts';
import { rule as manifestInvalid } from './manifest-invalid.ts';
import { rule as manifestOversized } from './manifest-oversized.ts';
import { rule as manifestNameMismatch } from './manifest-name-mismatch.ts';
import { rule as manifestVersionMismatch } from './manifest-version-mismatch.ts';
import { rule as manifestUnsafeName } from './manifest-unsafe-name.ts';
import { rule as manifestDuplicateKey } from './manifest-duplicate-key.ts';
import { rule as manifestAmbiguousField } from './manifest-ambiguous-field.ts';
import { rule as binEscapes } from './bin-escapes.ts';
import { rule as binTargetMissing } from './bin-target-missing.ts';
import { rule as manEscapes } from './man-escapes.ts';
import { rule as shrinkwrapEscapes } from './shrinkwrap-escapes.ts';
import { rule as directoriesEscape } from './directories-escape.ts';

export const npmTarballPackageRules: readonly (EntryRule | MetadataRule)[] = [
  plantedNodeModulesBin,
  plantedManagerState,
  manifestMissing,
  manifestDuplicate,
  manifestLink,
  manifestInvalid,
  manifestOversized,
  manifestNameMismatch,
  manifestVersionMismatch,
  manifestUnsafeName,
  manifestDuplicateKey,
  manifestAmbiguousField,
  binEscapes,
  binTargetMissing,
  manEscapes,
  shrinkwrapEscapes,
  directoriesEscape,
];
