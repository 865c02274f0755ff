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
import type { RuleOf, Rule } from '../../rules/rule.ts';
import {
  defineFormat,
  type FormatDefinition,
  type PackageFormat,
  type ReadSink,
} from '../format.ts';
import { comparer } from './compare.ts';
import { readTarball } from './read.ts';
import { npmModesRules } from './rules/modes/index.ts';
import { npmPackageRules } from './rules/package/index.ts';
import { packagePath } from '../../tree/package-path.ts';
import { Typeflag, type Entry } from '../../containers/entry.ts';

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
const definition: FormatDefinition<NpmPackage> = {
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

const ofLayout: ReadonlySet<unknown> = new Set<Rule>(layoutRules);

/** A package as `git archive` writes it, compressed by the caller. Its entries are in no first folder. */
export const gitTar: PackageFormat = defineFormat({
  ...definition,
  layout: 'whole',
  rules: definition.rules.filter((rule) => !ofLayout.has(rule)),
});

/*
 * A tarball from which a client installs one folder: a git host packs a commit, and pnpm takes the package from a folder of that archive.
 * The client unpacks the whole archive, and reads the manifest in the folder.
 */

const ofPackages: ReadonlySet<unknown> = new Set<Rule>(npmPackageRules);

/** The whole archive, whose root need not be a package. */
export const unpackedTarball: PackageFormat = defineFormat({
  ...definition,
  rules: definition.rules.filter((rule) => !ofPackages.has(rule)),
});

/** The package in a folder of the archive, by its path without the first folder of the archive. */
export function packageInFolder(folder: string): PackageFormat {
  return defineFormat({
    ...definition,
    read: (bytes, sink, options) => definition.read(bytes, below(folder, sink), options),
  });
}

/** Passes the entries in the folder to the reader, as if it were the first folder of the archive. */
function below(folder: string, sink: ReadSink): ReadSink {
  const prefix = `${folder}/`;
  return {
    ...sink,
    body: (piece) => sink.body(piece),
    enough: () => sink.enough(),
    entry(entry: Entry) {
      const { key } = packagePath(entry, entry.typeflag === Typeflag.Directory);
      if (!key.startsWith(prefix)) return false;
      return sink.entry({ ...entry, path: `package/${key.slice(prefix.length)}` }, entry.path);
    },
  };
}
