import { quote } from '../../../../text/printable.ts';
import type { SdistRule } from '../../sdist-rule.ts';

export const pkgInfoVersionMismatch: SdistRule = {
  kind: 'metadata',
  id: 'pkg-info-version-mismatch',
  level: 'error',
  summary: 'PKG-INFO has another version than the one that was asked for',
  advice: {
    forUsers:
      'Do not install it: you get another version than the one that you asked for, perhaps an old one with a known vulnerability. Compare the hash with the one on PyPI.',
    forPublishers: 'Upload the sdist under the version in its PKG-INFO.',
  },
  check: (sdist, report, { expected: { version } }) => {
    const { pkgInfo, pkgInfoEntries } = sdist;
    if (version !== undefined && pkgInfo?.ok === true && !sdist.isVersion(version))
      report(`${quote(pkgInfo.version)} instead of ${quote(version)}`, pkgInfoEntries.at(-1));
  },
};
