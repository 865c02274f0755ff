import { Trait, Typeflag, type Entry } from '../../../../containers/entry.ts';
import type { EntryRule, TreeRule } from '../../../../rules/rule.ts';
import { isSamePypiName, isSamePypiVersion } from '../../../../metadata/pypi/identity.ts';
import { quote } from '../../../../text/printable.ts';
import type { PackageTree } from '../../../../tree/tree.ts';
import { packagePath } from '../../../../tree/package-path.ts';
import { ambiguousSize } from '../../../../rules/tar/index.ts';
import type { SdistRule } from '../../read.ts';
import { advice, withCodes, STOPS } from '../../../../rules/table-rows.ts';

const EXECUTABLE = 0o111;

function problemOf(link: Entry, tree: PackageTree): string | undefined {
  const { top } = packagePath(link, false, tree.layout);
  const { linkpath } = link;
  const target = linkpath.startsWith(`${top}/`)
    ? tree.files.get(linkpath.slice(top.length + 1))
    : undefined;
  if (target?.kind !== 'file' || target.entry.index > link.index)
    return 'no file comes before it there';
  if (isExecutable(target.entry) !== isExecutable(link))
    return `its mode is ${link.mode.toString(8)}, that of the file ${target.entry.mode.toString(8)}`;
  return undefined;
}

function isExecutable({ mode }: Entry): boolean {
  return mode > 0 && (mode & EXECUTABLE) !== 0;
}

const mismatch = withCodes({
  id: 'pkg-info-mismatch',
  level: 'error',
  summary: 'PKG-INFO has another name or version than the request or the file name',
  advice: advice(
    'Do not install it: you get another project than the one that you asked for, or another version, perhaps an old one with a known vulnerability. Compare the hash with the one on PyPI, and look at your index, proxy and cache.',
    'Upload the sdist as it was built, `<name>-<version>.tar.gz` (PEP 625), under the name and version in its PKG-INFO.',
  ),
});

/** A check of the name or the version in PKG-INFO. */
function differs(
  field: 'name' | 'version',
  isSame: (declared: string, requested: string) => boolean,
): Pick<SdistRule, 'kind' | 'check'> {
  return {
    kind: 'metadata',
    check: ({ pkgInfo, pkgInfoEntries }, report, { expected: { [field]: requested } }) => {
      if (requested !== undefined && pkgInfo?.ok && !isSame(pkgInfo[field], requested))
        report(`${quote(pkgInfo[field])} instead of ${quote(requested)}`, pkgInfoEntries.at(-1));
    },
  };
}

const unusable = withCodes({
  id: 'pkg-info-unusable',
  level: 'error',
  summary: 'PKG-INFO is missing, or does not state clearly which package the archive contains',
  advice: advice(
    'Do not install it: tarwarden cannot check that it is the package that you asked for, and the index would not accept its upload.',
    'Build the sdist with `python -m build --sdist`, which writes PKG-INFO, and check it with `twine check`.',
  ),
});

export const sdistPackageRules: readonly (EntryRule | SdistRule | TreeRule)[] = [
  {
    ...unusable(
      'pkg-info-invalid',
      'PKG-INFO does not state clearly which package the archive contains',
      STOPS,
    ),
    kind: 'metadata',
    check: (sdist, report) => {
      const { pkgInfo } = sdist;
      if (pkgInfo?.ok === false) report(pkgInfo.problem, sdist.pkgInfoEntries.at(-1));
    },
  },
  {
    kind: 'metadata',
    id: 'pkg-info-irregular',
    level: 'error',
    summary: 'PKG-INFO is not a regular file',
    field: 'typeflag',
    advice: advice(
      'Do not install it: the description of the package is missing, or programs read it from another file.',
      'Ship PKG-INFO as a file.',
    ),
    check: (sdist, report) => {
      for (const entry of sdist.pkgInfoEntries) {
        if (entry.typeflag !== Typeflag.File)
          report(`typeflag ${quote(String.fromCharCode(entry.typeflag))}`, entry);
      }
    },
  },
  {
    ...unusable('pkg-info-missing', 'An sdist that an index offers has no PKG-INFO'),
    kind: 'metadata',
    check: (sdist, report, { expected }) => {
      // The version is known only for a file from an index. pip also builds source archives of a forge, which have no PKG-INFO.
      if (expected.version === undefined || !sdist.tree.complete) return;
      if (sdist.pkgInfoEntries.length === 0) report('no entry lands at PKG-INFO');
    },
  },
  {
    ...mismatch(
      'pkg-info-name-mismatch',
      'PKG-INFO has another name than the project that was asked for',
    ),
    ...differs('name', isSamePypiName),
  },
  {
    kind: 'metadata',
    id: 'pkg-info-oversized',
    level: 'error',
    stopsReading: true,
    summary: 'PKG-INFO is larger than the limit',
    advice: advice(
      'If you know why it is so large, raise `limits.manifestBytes` in your own policy file; until then, tarwarden cannot check which package this is.',
      'Shorten the description of the project.',
    ),
    check: (sdist, report) => {
      for (const entry of sdist.pkgInfoEntries) {
        if (entry.typeflag === Typeflag.File && entry.size > sdist.pkgInfoCap)
          report(`${entry.size} bytes`, entry);
      }
    },
  },
  {
    ...mismatch(
      'pkg-info-version-mismatch',
      'PKG-INFO has another version than the one that was asked for',
    ),
    ...differs('version', isSamePypiVersion),
  },
  {
    ...mismatch(
      'sdist-file-name-mismatch',
      'The file is named after another package than its PKG-INFO',
    ),
    kind: 'metadata',
    check: (sdist, report, { expected }) => {
      const { pkgInfo, pkgInfoEntries } = sdist;
      const { fileName = '' } = expected;
      // Sources from a forge have names of every kind.
      if (!pkgInfo?.ok || sdist.fitsFile(fileName)) return;
      // Some projects keep the PKG-INFO of an old release beside their sources.
      if (expected.version === undefined && !sdist.isOwnFolder) return;
      const { name, version } = pkgInfo;
      report(`${quote(fileName)} holds ${quote(`${name} ${version}`)}`, pkgInfoEntries.at(-1));
    },
  },
  {
    kind: 'metadata',
    id: 'sdist-folder-name',
    level: 'warning',
    summary: 'The first folder is not named after the package in its PKG-INFO',
    advice: advice(
      'Compare the archive with the source code of the project: no build tool gives the folder such a name.',
      'Build the sdist with `python -m build --sdist` instead of packing a folder.',
    ),
    check: (sdist, report) => {
      const { pkgInfo, pkgInfoEntries, folder } = sdist;
      if (!pkgInfo?.ok || sdist.isOwnFolder) return;
      const { name, version } = pkgInfo;
      report(`${quote(folder)} for ${quote(`${name} ${version}`)}`, pkgInfoEntries.at(-1));
    },
  },
  {
    kind: 'tree',
    id: 'hardlink-target',
    level: 'error',
    summary:
      'A hard link does not lead to an earlier file like it, so installers make different files of it',
    advice: advice(
      'Do not install it: some installers leave the file out, some fail, and some change the mode of the file that it leads to.',
      'Build the sdist from a tree without hard links (`cp -r --no-preserve=links`).',
    ),
    check: (tree, report) => {
      for (const { entry } of tree.links.values()) {
        if (entry.typeflag !== Typeflag.Hardlink) continue;
        const reason = problemOf(entry, tree);
        if (reason !== undefined) report(`to ${quote(entry.linkpath)}: ${reason}`, entry);
      }
    },
  },
  {
    kind: 'entry',
    id: 'executable-without-owner',
    level: 'warning',
    summary:
      'The mode of a file lets others run it but not its owner, so installers disagree whether it can be run',
    advice: advice(
      'You need not do anything if pip builds the sdist: pip lets everybody run the file. Other tools let nobody run it.',
      'Give the file an ordinary mode (`chmod 755` or `chmod 644`), and build the sdist again.',
    ),
    field: 'mode',
    traits: Trait.ExecuteWithoutOwner,
    check: (entry) => `mode ${entry.mode.toString(8)}`,
  },
  {
    ...ambiguousSize(
      'pax-size-repeated',
      'A PAX header gives the size of an entry, which uv before 0.11.9 applies to the next entry as well',
      {
        advice: advice(
          'Do not install it before you know who packed it and why, and use uv 0.11.9 or newer: an older one may unpack files that other programs do not see.',
          'Build the sdist with a current tool: none writes a PAX size for a file below 8 GiB.',
        ),
      },
    ),
    kind: 'entry',
    field: 'size',
    traits: Trait.RepeatedSize,
    check: (entry) => `both say ${entry.size} bytes`,
  },
];
