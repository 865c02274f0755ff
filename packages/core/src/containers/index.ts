/** The strict readers of gzip, tar and zip. They turn bytes into entries and anomalies. */
export { Trait, Typeflag, type Entry } from './entry.ts';
export { gunzip, gzipHeader, isGzip } from './gzip/gunzip.ts';
export { inflateRaw } from './gzip/inflate.ts';
export { BLOCK, FIELD, isZero, magicOf, stringEnd, sum, type FieldName } from './tar/header.ts';
export { numberField } from './tar/number.ts';
export { readPax } from './tar/pax.ts';
export { TarReader } from './tar/reader.ts';
export { COMMON_ZIP, DESCRIPTOR_FLAG, UTF8_FLAG } from './zip/dialect.ts';
export {
  centralHeader,
  centralHeaders,
  headerName,
  localHeader,
  type CentralHeader,
  type ZipHeader,
} from './zip/directory.ts';
export { endRecord } from './zip/end-record.ts';
