import { SdistPackage } from '../../metadata/pypi/sdist-package.ts';
import { duplicatesRules } from '../../rules/duplicates/index.ts';
import { gitRules } from '../../rules/git/index.ts';
import { gzipRules } from '../../rules/gzip/index.ts';
import { layoutRules } from '../../rules/layout/index.ts';
import { limitsRules } from '../../rules/limits/index.ts';
import { rule as escapingLink } from '../../rules/links/escaping-link.ts';
import { rule as writeThroughLink } from '../../rules/links/write-through-link.ts';
import { modesRules } from '../../rules/modes/index.ts';
import { namesRules } from '../../rules/names/index.ts';
import { pathsRules } from '../../rules/paths/index.ts';
import { paxRules } from '../../rules/pax/index.ts';
import { tarRules } from '../../rules/tar/index.ts';
import { typesRules } from '../../rules/types/index.ts';
import { zipRules } from '../../rules/zip/index.ts';
import { defineFormat, type PackageFormat } from '../format.ts';
import { comparer } from '../npm-tarball/compare.ts';
import { containerOf } from './container.ts';
import { readSdist } from './read.ts';
import { isSdist } from './recognise.ts';
import { sdistContainerRules } from './rules/container/index.ts';
import { sdistPackageRules } from './rules/package/index.ts';

/** Sources of a Python package, as pip builds them: a gzipped tar, or a zip. */
export const format: PackageFormat = defineFormat({
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
    ...typesRules,
    ...pathsRules,
    ...namesRules,
    ...limitsRules,
    ...modesRules,
    ...gitRules,
    ...duplicatesRules,
    ...layoutRules,
    writeThroughLink,
    escapingLink,
    ...sdistPackageRules,
  ],
});
