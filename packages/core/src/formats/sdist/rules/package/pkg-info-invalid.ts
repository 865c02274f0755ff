import type { SdistRule } from '../../sdist-rule.ts';

export const pkgInfoInvalid: SdistRule = {
  kind: 'metadata',
  id: 'pkg-info-invalid',
  level: 'error',
  stopsReading: true,
  summary: 'PKG-INFO does not state clearly which package the archive contains',
  advice: {
    forUsers:
      'Do not install it: two programs may read two different packages from the file, so tarwarden cannot check that it is the one you asked for.',
    forPublishers:
      'Have one `Name` and one `Version` in PKG-INFO, before the first empty line, and check the sdist with `twine check`.',
  },
  check: (sdist, report) => {
    const { pkgInfo } = sdist;
    if (pkgInfo?.ok === false) report(pkgInfo.problem, sdist.pkgInfoEntries.at(-1));
  },
};
