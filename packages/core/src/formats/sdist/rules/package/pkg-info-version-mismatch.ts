import { isSamePypiVersion } from '../../../../metadata/pypi/identity.ts';
import { quote } from '../../../../text/printable.ts';
import type { SdistRule } from '../../sdist-rule.ts';

export const rule: SdistRule = {
  kind: 'metadata',
  id: 'pkg-info-version-mismatch',
  level: 'error',
  summary: 'PKG-INFO has another version than the one that was asked for',
  advice: {
    forUsers:
      'Do not install it: another version is in its place, perhaps an old one with a known hole. Compare the hash with the one on PyPI.',
    forPublishers: 'Upload the sdist under the version in its PKG-INFO.',
  },
  check: ({ pkgInfo, pkgInfoEntries }, report, { expected: { version } }) => {
    if (version === undefined || !pkgInfo?.ok) return;
    if (!isSamePypiVersion(pkgInfo.version, version))
      report(`${quote(pkgInfo.version)} instead of ${quote(version)}`, pkgInfoEntries.at(-1));
  },
};
