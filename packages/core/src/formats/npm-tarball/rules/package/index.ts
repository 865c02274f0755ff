import type { EntryRule, MetadataRule } from '../../../../rules/rule.ts';
import { plantedNodeModulesBin } from './planted-node-modules-bin.ts';
import { plantedManagerState } from './planted-manager-state.ts';
import { manifestMissing } from './manifest-missing.ts';
import { manifestDuplicate } from './manifest-duplicate.ts';
import { manifestLink } from './manifest-link.ts';
import { manifestInvalid } from './manifest-invalid.ts';
import { manifestOversized } from './manifest-oversized.ts';
import { manifestNameMismatch } from './manifest-name-mismatch.ts';
import { manifestVersionMismatch } from './manifest-version-mismatch.ts';
import { manifestUnsafeName } from './manifest-unsafe-name.ts';
import { manifestDuplicateKey } from './manifest-duplicate-key.ts';
import { manifestAmbiguousField } from './manifest-ambiguous-field.ts';
import { binEscapes } from './bin-escapes.ts';
import { binTargetMissing } from './bin-target-missing.ts';
import { manEscapes } from './man-escapes.ts';
import { shrinkwrapEscapes } from './shrinkwrap-escapes.ts';
import { directoriesEscape } from './directories-escape.ts';
import { installScript } from './install-script.ts';

export const npmPackageRules: readonly (EntryRule | MetadataRule)[] = [
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
  installScript,
];
