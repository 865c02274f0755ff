import { COMMON_ZIP, type ZipDialect } from '../../containers/zip/dialect.ts';

/** Zips as common libraries write them. Go's archive/zip, which makes nearly all module zips, writes the sizes after the data. */
export const MODULE_ZIP: ZipDialect = { ...COMMON_ZIP, descriptors: 'usual' };
