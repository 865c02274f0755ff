import { withCodes } from '../../../../rules/table-rows.ts';
import { quote } from '../../../../text/printable.ts';
import type { SdistRule } from '../../sdist-rule.ts';

const mismatch = withCodes({
  id: 'pkg-info-mismatch',
  level: 'error',
  summary: 'PKG-INFO has another name or version than the request or the file name',
  advice: {
    forUsers:
      'Do not install it: you get another project than the one that you asked for, or another version, perhaps an old one with a known vulnerability. Compare the hash with the one on PyPI, and look at your index, proxy and cache.',
    forPublishers:
      'Upload the sdist as it was built, `<name>-<version>.tar.gz` (PEP 625), under the name and version in its PKG-INFO.',
  },
});

export const pkgInfoNameMismatch: SdistRule = {
  ...mismatch(
    'pkg-info-name-mismatch',
    'PKG-INFO has another name than the project that was asked for',
  ),
  kind: 'metadata',
  check: (sdist, report, { expected: { name } }) => {
    const { pkgInfo, pkgInfoEntries } = sdist;
    if (name !== undefined && pkgInfo?.ok === true && !sdist.isNamed(name))
      report(`${quote(pkgInfo.name)} instead of ${quote(name)}`, pkgInfoEntries.at(-1));
  },
};

export const pkgInfoVersionMismatch: SdistRule = {
  ...mismatch(
    'pkg-info-version-mismatch',
    'PKG-INFO has another version than the one that was asked for',
  ),
  kind: 'metadata',
  check: (sdist, report, { expected: { version } }) => {
    const { pkgInfo, pkgInfoEntries } = sdist;
    if (version !== undefined && pkgInfo?.ok === true && !sdist.isVersion(version))
      report(`${quote(pkgInfo.version)} instead of ${quote(version)}`, pkgInfoEntries.at(-1));
  },
};

export const sdistFileNameMismatch: SdistRule = {
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
};
