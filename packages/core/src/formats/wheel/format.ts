import { COMMON_ZIP } from '../../containers/zip/dialect.ts';
import { readZip } from '../../containers/zip/reader.ts';
import { duplicatesRules } from '../../rules/duplicates/index.ts';
import { gitRules } from '../../rules/git/index.ts';
import { limitsRules } from '../../rules/limits/index.ts';
import { linksRules } from '../../rules/links/index.ts';
import { modesRules } from '../../rules/modes/index.ts';
import { namesRules } from '../../rules/names/index.ts';
import { pathsRules } from '../../rules/paths/index.ts';
import { typesRules } from '../../rules/types/index.ts';
import { zipRules } from '../../rules/zip/index.ts';
import { defineFormat, type PackageFormat } from '../format.ts';
import { wheelWheelRules } from './rules/wheel/index.ts';
import { WheelPackage } from './wheel-package.ts';

/** A built distribution of Python (PEP 427): a zip that is installed as it is, by what the files in its `.dist-info` say. */
export const format: PackageFormat = defineFormat({
  id: 'wheel',
  ecosystem: 'pypi',
  layout: 'whole',
  layer: 'zip',
  recognise: (fileName) => /\.whl$/i.test(fileName),
  read: (bytes, sink, { limits }) => readZip(bytes, sink, { limits, dialect: COMMON_ZIP }),
  metadata: (tree, limits, bytes) => new WheelPackage(tree, limits, bytes),
  rules: [
    ...typesRules,
    ...pathsRules,
    ...namesRules,
    ...limitsRules,
    ...modesRules,
    ...gitRules,
    ...duplicatesRules,
    ...linksRules,
    ...zipRules,
    ...wheelWheelRules,
  ],
});
