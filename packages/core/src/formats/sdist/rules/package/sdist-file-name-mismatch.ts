import { quote } from '../../../../text/printable.ts';
import type { SdistRule } from '../../sdist-rule.ts';

export const sdistFileNameMismatch: SdistRule = {
  kind: 'metadata',
  id: 'sdist-file-name-mismatch',
  level: 'error',
  summary: 'The file is named after another package than its PKG-INFO',
  advice: {
    forUsers:
      'Do not install it: pip and indexes use the name of the file, but it contains another package or version.',
    forPublishers: 'Upload the file as it was built, `<name>-<version>.tar.gz` (PEP 625).',
  },
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
