import { quote } from '../../../../text/printable.ts';
import type { SdistRule } from '../../sdist-rule.ts';

export const sdistFolderName: SdistRule = {
  kind: 'metadata',
  id: 'sdist-folder-name',
  level: 'warning',
  summary: 'The first folder is not named after the package in its PKG-INFO',
  advice: {
    forUsers:
      'Compare the archive with the source code of the project: no build tool gives the folder such a name.',
    forPublishers: 'Build the sdist with `python -m build --sdist` instead of packing a folder.',
  },
  check: (sdist, report) => {
    const { pkgInfo, pkgInfoEntries, folder } = sdist;
    if (!pkgInfo?.ok || sdist.isOwnFolder) return;
    const { name, version } = pkgInfo;
    report(`${quote(folder)} for ${quote(`${name} ${version}`)}`, pkgInfoEntries.at(-1));
  },
};
