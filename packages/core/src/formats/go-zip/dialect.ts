import { COMMON_ZIP, type ZipDialect } from '../../containers/zip/dialect.ts';

/** What zip libraries write; archive/zip of Go, which makes nearly all module zips, puts the sizes behind the data. */
export const MODULE_ZIP: ZipDialect = { ...COMMON_ZIP, descriptors: 'usual' };
