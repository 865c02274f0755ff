/**
 * What the targets use of the core, and the reader of seals. It is built into one file, the only one that the fuzzer instruments, so that
 * coverage is theirs and not that of the code around it.
 */
export * from '@tarwarden/core';
export * from '@tarwarden/core/report';
export * from '@tarwarden/core/text';
export * from '@tarwarden/explain';
export { numberField } from '../../../packages/core/src/containers/tar/number.ts';
export { readPax } from '../../../packages/core/src/containers/tar/pax.ts';
export { TarReader } from '../../../packages/core/src/containers/tar/reader.ts';
export { gunzip, gzipHeader } from '../../../packages/core/src/containers/gzip/gunzip.ts';
export { inflateRaw, inflateWhole } from '../../../packages/core/src/containers/gzip/inflate.ts';
export { MAX_FINDINGS, MAX_FINDINGS_PER_RULE } from '../../../packages/core/src/limits.ts';
export {
  openSeal,
  readSeal,
  SealEncoder,
  SealFormatError,
} from '../../../packages/guard/src/seal/format.ts';
