import type { EntryRule, MetadataRule } from '../../../../rules/rule.ts';
import { plantedNodeModulesBin } from './planted-node-modules-bin.ts';
import { plantedManagerState } from './planted-manager-state.ts';
import { manifestDuplicate } from './manifest-duplicate.ts';
import { manifestLink } from './manifest-link.ts';
import { manifestOversized } from './manifest-oversized.ts';
import { binTargetMissing } from './bin-target-missing.ts';
import { installScript } from './install-script.ts';
import { manifestMissing, manifestInvalid } from './manifest-unreadable.ts';
import { manifestDuplicateKey, manifestAmbiguousField } from './manifest-ambiguous.ts';
import {
  manifestUnsafeName,
  binEscapes,
  manEscapes,
  shrinkwrapEscapes,
  directoriesEscape,
} from './manifest-escapes.ts';
import { manifestNameMismatch, manifestVersionMismatch } from './manifest-mismatch.ts';

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
