import { NpmPackage } from '../../metadata/npm-package.ts';
import { dependenciesRules } from '../../rules/dependencies/index.ts';
import { duplicatesRules } from '../../rules/duplicates/index.ts';
import { gitRules } from '../../rules/git/index.ts';
import { gzipRules } from '../../rules/gzip/index.ts';
import { layoutRules } from '../../rules/layout/index.ts';
import { limitsRules } from '../../rules/limits/index.ts';
import { linksRules } from '../../rules/links/index.ts';
import { modesRules } from '../../rules/modes/index.ts';
import { namesRules } from '../../rules/names/index.ts';
import { pathsRules } from '../../rules/paths/index.ts';
import { paxRules } from '../../rules/pax/index.ts';
import { registryRules } from '../../rules/registry/index.ts';
import { tarRules } from '../../rules/tar/index.ts';
import { typesRules } from '../../rules/types/index.ts';
import type { RuleOf } from '../../rules/rule.ts';
import { defineFormat, type FormatDefinition, type PackageFormat } from '../format.ts';
import { comparer } from './compare.ts';
import { readTarball } from './read.ts';
import { npmModesRules } from './rules/modes/index.ts';
import { npmPackageRules } from './rules/package/index.ts';

/** Rules about the files of a package, which hold for tarballs and for zips. */
export const contentRules: readonly RuleOf<NpmPackage>[] = [
  ...typesRules,
  ...pathsRules,
  ...namesRules,
  ...limitsRules,
  ...modesRules,
  ...npmModesRules,
  ...gitRules,
  ...duplicatesRules,
  ...layoutRules,
  ...linksRules,
  ...npmPackageRules,
  ...dependenciesRules,
  ...registryRules,
];

/** A gzipped tar, as npm, pnpm and Yarn publish and fetch it. */
export const definition: FormatDefinition<NpmPackage> = {
  id: 'npm',
  ecosystem: 'npm',
  layout: 'first-folder',
  layer: 'tar',
  read: readTarball,
  compare: comparer,
  metadata: (tree, limits) => new NpmPackage(tree, limits.manifestBytes),
  rules: [...gzipRules, ...tarRules, ...paxRules, ...contentRules],
};

export const npmTarballFormat: PackageFormat = defineFormat(definition);
