// Written by `pnpm rules`, from the files beside it.
import type { WheelRule } from '../../wheel-rule.ts';
import { rule as wheelDataClash } from './wheel-data-clash.ts';
import { rule as wheelDataScheme } from './wheel-data-scheme.ts';
import { rule as wheelDistInfo } from './wheel-dist-info.ts';
import { rule as wheelEntryPoint } from './wheel-entry-point.ts';
import { rule as wheelFileName } from './wheel-file-name.ts';
import { rule as wheelFormatVersion } from './wheel-format-version.ts';
import { rule as wheelIdentityMismatch } from './wheel-identity-mismatch.ts';
import { rule as wheelMetadata } from './wheel-metadata.ts';
import { rule as wheelPathFile } from './wheel-path-file.ts';
import { rule as wheelRecord } from './wheel-record.ts';
import { rule as wheelRecordAbsent } from './wheel-record-absent.ts';
import { rule as wheelRecordMismatch } from './wheel-record-mismatch.ts';
import { rule as wheelRecordUnlisted } from './wheel-record-unlisted.ts';
import { rule as wheelTagMismatch } from './wheel-tag-mismatch.ts';
import { rule as wheelRecordEscapes } from './wheel-record-escapes.ts';
import { rule as wheelPlantedDistribution } from './wheel-planted-distribution.ts';
import { rule as wheelInstallerFile } from './wheel-installer-file.ts';
import { rule as wheelRecordForeign } from './wheel-record-foreign.ts';

export const wheelWheelRules: readonly WheelRule[] = [
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
