import { SdistPackage } from '../../metadata/pypi/sdist-package.ts';
import { gzipRules } from '../../rules/gzip/index.ts';
import { dependenciesRules } from '../../rules/dependencies/index.ts';
import { indexWordRules } from '../../rules/index-word/index.ts';
import { layoutRules } from '../../rules/layout/index.ts';
import { escapingLink, writeThroughLink } from '../../rules/links/index.ts';
import { paxRules } from '../../rules/pax/index.ts';
import { tarRules } from '../../rules/tar/index.ts';
import { zipRules } from '../../rules/zip/index.ts';
import { defineFormat, type PackageFormat } from '../format.ts';
import { placedRules } from '../placed-rules.ts';
import { comparer } from '../npm-tarball/compare.ts';
import { containerOf, readSdist, isSdist } from './read.ts';
import { sdistContainerRules } from './rules/container/index.ts';
import { sdistPackageRules } from './rules/package/index.ts';

/** Sources of a Python package, as pip builds them: a gzipped tar, or a zip. */
export const sdistFormat: PackageFormat = defineFormat({
  id: 'sdist',
  ecosystem: 'pypi',
  layout: 'first-folder',
  layer: (bytes) => (containerOf(bytes) === 'zip' ? 'zip' : 'tar'),
  linksInside: true,
  recognise: isSdist,
  read: readSdist,
  compare: (bytes, clashes, options) =>
    containerOf(bytes) === 'zip' ? () => false : comparer(bytes, clashes, options),
  metadata: (tree, limits) => new SdistPackage(tree, limits.manifestBytes),
  rules: [
    ...sdistContainerRules,
    ...gzipRules,
    ...tarRules,
    ...paxRules,
    ...zipRules,
    ...placedRules,
    ...layoutRules,
    writeThroughLink,
    escapingLink,
    ...sdistPackageRules,
    ...dependenciesRules,
    ...indexWordRules,
  ],
});
