import type { WheelRule } from '../../wheel-rule.ts';
import { wheelDataClash } from './wheel-data-clash.ts';
import { wheelDataScheme } from './wheel-data-scheme.ts';
import { wheelEntryPoint } from './wheel-entry-point.ts';
import { wheelPathFile } from './wheel-path-file.ts';
import { wheelTagMismatch } from './wheel-tag-mismatch.ts';
import { wheelRecord, wheelRecordMismatch } from './wheel-record-wrong.ts';
import { wheelRecordAbsent, wheelRecordUnlisted } from './wheel-record-incomplete.ts';
import { wheelRecordEscapes, wheelRecordForeign } from './wheel-record-outside.ts';
import { wheelDistInfo, wheelFormatVersion, wheelMetadata } from './wheel-description.ts';
import { wheelFileName, wheelIdentityMismatch } from './wheel-identity.ts';
import { wheelPlantedDistribution, wheelInstallerFile } from './wheel-planted.ts';

export const wheelRules: readonly WheelRule[] = [
  wheelDataClash,
  wheelDataScheme,
  wheelDistInfo,
  wheelEntryPoint,
  wheelFileName,
  wheelFormatVersion,
  wheelIdentityMismatch,
  wheelMetadata,
  wheelPathFile,
  wheelRecord,
  wheelRecordAbsent,
  wheelRecordMismatch,
  wheelRecordUnlisted,
  wheelTagMismatch,
  wheelRecordEscapes,
  wheelPlantedDistribution,
  wheelInstallerFile,
  wheelRecordForeign,
];
