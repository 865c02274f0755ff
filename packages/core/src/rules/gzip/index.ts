// Written by `pnpm rules`, from the files beside it.
import type { ReaderRule } from '../rule.ts';
import { rule as unrecognisedFormat } from './unrecognised-format.ts';
import { rule as uncompressedArchive } from './uncompressed-archive.ts';
import { rule as gzipHeader } from './gzip-header.ts';
import { rule as gzipOptionalHeader } from './gzip-optional-header.ts';
import { rule as gzipCorrupt } from './gzip-corrupt.ts';
import { rule as gzipTruncated } from './gzip-truncated.ts';
import { rule as gzipChecksum } from './gzip-checksum.ts';
import { rule as gzipLength } from './gzip-length.ts';
import { rule as gzipSecondMember } from './gzip-second-member.ts';
import { rule as gzipTrailingBytes } from './gzip-trailing-bytes.ts';

export const gzipRules: readonly ReaderRule[] = [
  unrecognisedFormat,
  uncompressedArchive,
  gzipHeader,
  gzipOptionalHeader,
  gzipCorrupt,
  gzipTruncated,
  gzipChecksum,
  gzipLength,
  gzipSecondMember,
  gzipTrailingBytes,
];
