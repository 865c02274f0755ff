/*
 * A tarball from which a client installs one folder: a git host packs a commit, and pnpm takes the package from a folder of that archive.
 * The client unpacks the whole archive, and reads the manifest in the folder.
 */
import { npmPackageRules } from './rules/package/index.ts';
import { packagePath } from '../../tree/package-path.ts';
import { Typeflag, type Entry } from '../../containers/entry.ts';
import type { Rule } from '../../rules/rule.ts';
import { defineFormat, type PackageFormat, type ReadSink } from '../format.ts';
import { definition } from './format.ts';

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
