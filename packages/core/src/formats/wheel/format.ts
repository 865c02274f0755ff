import { COMMON_ZIP } from '../../containers/zip/dialect.ts';
import { readZip } from '../../containers/zip/reader.ts';
import { dependenciesRules } from '../../rules/dependencies/index.ts';
import { indexWordRules } from '../../rules/index-word/index.ts';
import { linksRules } from '../../rules/links/index.ts';
import { zipRules } from '../../rules/zip/index.ts';
import { MAX_WHEEL_UNPACKED_BYTES } from '../../limits.ts';
import { defineFormat, type PackageFormat } from '../format.ts';
import { placedRules } from '../placed-rules.ts';
import { wheelRules } from './rules/wheel/index.ts';
import { WheelPackage } from './wheel-package.ts';

/** A built distribution of Python (PEP 427): a zip whose files are installed without a build, as the files in its `.dist-info` say. */
export const wheelFormat: PackageFormat = defineFormat({
  id: 'wheel',
  ecosystem: 'pypi',
  layout: 'whole',
  layer: 'zip',
  recognise: (fileName) => /\.whl$/i.test(fileName),
  read: (bytes, sink, { limits }) => readZip(bytes, sink, { limits, dialect: COMMON_ZIP }),
  metadata: (tree, limits, bytes) => new WheelPackage(tree, limits, bytes),
  large: {
    read: (file, sink, { limits, pieceBytes }) =>
      readZip(file, sink, { limits, dialect: COMMON_ZIP, pieceBytes }),
    metadata: (tree, limits, file) => new WheelPackage(tree, limits, file),
  },
  unpackedBytes: MAX_WHEEL_UNPACKED_BYTES,
  rules: [
    ...placedRules,
    ...linksRules,
    ...zipRules,
    ...wheelRules,
    ...dependenciesRules,
    ...indexWordRules,
  ],
});
