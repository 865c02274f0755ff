import { DEFLATE_FLAGS, MadeBy, UTF8_FLAG, type ZipDialect } from '../../containers/zip/dialect.ts';

/**
 * The plainest form of zip, as libzip writes it for Yarn: stored or deflated entries of a Unix host, with two equal headers, and
 * without any option of zip.
 */
export const YARN_ZIP: ZipDialect = {
  plain: true,
  flags: UTF8_FLAG | DEFLATE_FLAGS,
  // 2.0: deflate and folders.
  maxVersionNeeded: 20,
  systems: new Set([MadeBy.Unix]),
  internalAttributes: 0,
  dosAttributes: 0,
  descriptors: 'reported',
};
