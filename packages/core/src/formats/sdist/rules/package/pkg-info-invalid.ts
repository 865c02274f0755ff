import type { SdistRule } from '../../sdist-rule.ts';

export const pkgInfoInvalid: SdistRule = {
  kind: 'metadata',
  id: 'pkg-info-invalid',
  level: 'error',
  stopsReading: true,
  summary: 'PKG-INFO does not say for certain which package it is of',
  advice: {
    forUsers:
      'Do not install it: two readers of the file may see two packages, and what the index says of it cannot be checked.',
    forPublishers:
      'Have one `Name` and one `Version` in PKG-INFO, before the first empty line, and check the sdist with `twine check`.',
  },
  check: (sdist, report) => {
    const { pkgInfo } = sdist;
    if (pkgInfo?.ok === false) report(pkgInfo.problem, sdist.pkgInfoEntries.at(-1));
  },
};
