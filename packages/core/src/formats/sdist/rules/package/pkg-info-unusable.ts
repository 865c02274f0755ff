import { STOPS, withCodes } from '../../../../rules/table-rows.ts';
import type { SdistRule } from '../../sdist-rule.ts';

const unusable = withCodes({
  id: 'pkg-info-unusable',
  level: 'error',
  summary: 'PKG-INFO is missing, or does not state clearly which package the archive contains',
  advice: {
    forUsers:
      'Do not install it: tarwarden cannot check that it is the package that you asked for, and the index would not accept its upload.',
    forPublishers:
      'Build the sdist with `python -m build --sdist`, which writes PKG-INFO, and check it with `twine check`.',
  },
});

export const pkgInfoInvalid: SdistRule = {
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
};

export const pkgInfoMissing: SdistRule = {
  ...unusable('pkg-info-missing', 'An sdist that an index offers has no PKG-INFO'),
  kind: 'metadata',
  check: (sdist, report, { expected }) => {
    // The version is known only for a file from an index. pip also builds source archives of a forge, which have no PKG-INFO.
    if (expected.version === undefined || !sdist.tree.complete) return;
    if (sdist.pkgInfoEntries.length === 0) report('no entry lands at PKG-INFO');
  },
};
