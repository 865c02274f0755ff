// Written by `pnpm rules`, from the files beside it.
import type { ReaderRule } from '../rule.ts';
import { rule as zipChecksum } from './zip-checksum.ts';
import { rule as zipCorrupt } from './zip-corrupt.ts';
import { rule as zipEndRecord } from './zip-end-record.ts';
import { rule as zipGap } from './zip-gap.ts';
import { rule as zipHeaderMismatch } from './zip-header-mismatch.ts';
import { rule as zipOverlap } from './zip-overlap.ts';
import { rule as zipTrailingBytes } from './zip-trailing-bytes.ts';
import { rule as zipTypeMismatch } from './zip-type-mismatch.ts';
import { rule as zipUnsupported } from './zip-unsupported.ts';
import { rule as zipComment } from './zip-comment.ts';
import { rule as zipDataDescriptor } from './zip-data-descriptor.ts';
import { rule as zipEntryComment } from './zip-entry-comment.ts';
import { rule as zipExtraField } from './zip-extra-field.ts';
import { rule as zipNameEncoding } from './zip-name-encoding.ts';
import { rule as zipUnknownExtraField } from './zip-unknown-extra-field.ts';
import { rule as zipSingleSize } from './zip-single-size.ts';

export const zipRules: readonly ReaderRule[] = [
  zipChecksum,
  zipCorrupt,
  zipEndRecord,
  zipGap,
  zipHeaderMismatch,
  zipOverlap,
  zipTrailingBytes,
  zipTypeMismatch,
  zipUnsupported,
  zipComment,
  zipDataDescriptor,
  zipEntryComment,
  zipExtraField,
  zipNameEncoding,
  zipUnknownExtraField,
  zipSingleSize,
];
