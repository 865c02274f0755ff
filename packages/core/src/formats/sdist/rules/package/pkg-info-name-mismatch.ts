import { quote } from '../../../../text/printable.ts';
import type { SdistRule } from '../../sdist-rule.ts';

export const pkgInfoNameMismatch: SdistRule = {
  kind: 'metadata',
  id: 'pkg-info-name-mismatch',
  level: 'error',
  summary: 'PKG-INFO has another name than the project that was asked for',
  advice: {
    forUsers:
      'Do not install it: you get another project than the one that you asked for. Compare the hash with the one on PyPI, and look at your index, proxy and cache.',
    forPublishers: 'Upload the sdist under the name in its PKG-INFO.',
  },
  check: (sdist, report, { expected: { name } }) => {
    const { pkgInfo, pkgInfoEntries } = sdist;
    if (name !== undefined && pkgInfo?.ok === true && !sdist.isNamed(name))
      report(`${quote(pkgInfo.name)} instead of ${quote(name)}`, pkgInfoEntries.at(-1));
  },
};
