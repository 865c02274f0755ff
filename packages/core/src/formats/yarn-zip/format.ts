import { readZip } from '../../containers/zip/reader.ts';
import { NpmPackage } from '../../metadata/npm-package.ts';
import { zipRules } from '../../rules/zip/index.ts';
import { defineFormat, type PackageFormat, type ReadOptions, type ReadSink } from '../format.ts';
import { contentRules } from '../npm-tarball/format.ts';
import { YARN_ZIP } from './dialect.ts';
import { YarnLayout } from './layout.ts';
import { yarnZipLayoutRules } from './rules/layout/index.ts';

/**
 * An archive of Yarn's cache. The rules check the zip (both headers of every entry, every byte, every checksum), and its files as
 * those of a tarball. Findings name entries as the zip spells them.
 */
export const yarnZipFormat: PackageFormat = defineFormat({
  id: 'yarn-zip',
  ecosystem: 'npm',
  layout: 'first-folder',
  layer: 'zip',
  recognise: (fileName) => /\.zip$/i.test(fileName),
  read: (bytes: Buffer, sink: ReadSink, { limits }: ReadOptions) =>
    readZip(bytes, sink, { limits, dialect: YARN_ZIP, layout: new YarnLayout().cut }),
  metadata: (tree, limits) => new NpmPackage(tree, limits.manifestBytes),
  rules: [...contentRules, ...zipRules, ...yarnZipLayoutRules],
});
