import type { WheelRule } from '../../wheel-rule.ts';
import { wheelDataClash } from './wheel-data-clash.ts';
import { wheelDataScheme } from './wheel-data-scheme.ts';
import { wheelDistInfo } from './wheel-dist-info.ts';
import { wheelEntryPoint } from './wheel-entry-point.ts';
import { wheelFileName } from './wheel-file-name.ts';
import { wheelFormatVersion } from './wheel-format-version.ts';
import { wheelIdentityMismatch } from './wheel-identity-mismatch.ts';
import { wheelMetadata } from './wheel-metadata.ts';
import { wheelPathFile } from './wheel-path-file.ts';
import { wheelRecord } from './wheel-record.ts';
import { wheelRecordAbsent } from './wheel-record-absent.ts';
import { wheelRecordMismatch } from './wheel-record-mismatch.ts';
import { wheelRecordUnlisted } from './wheel-record-unlisted.ts';
import { wheelTagMismatch } from './wheel-tag-mismatch.ts';
import { wheelRecordEscapes } from './wheel-record-escapes.ts';
import { wheelPlantedDistribution } from './wheel-planted-distribution.ts';
import { wheelInstallerFile } from './wheel-installer-file.ts';
import { wheelRecordForeign } from './wheel-record-foreign.ts';

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
