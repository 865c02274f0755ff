// Written by `pnpm rules`, from the files beside it.
import type { ReaderRule } from '../../../../rules/rule.ts';
import { rule as archiveTypeMismatch } from './archive-type-mismatch.ts';
import { rule as hiddenZip } from './hidden-zip.ts';
import { rule as strayZipEndRecord } from './stray-zip-end-record.ts';
import { rule as unsupportedCompression } from './unsupported-compression.ts';
import { rule as linkInZip } from './link-in-zip.ts';

export const sdistContainerRules: readonly ReaderRule[] = [
  archiveTypeMismatch,
  hiddenZip,
  strayZipEndRecord,
  unsupportedCompression,
  linkInZip,
];
