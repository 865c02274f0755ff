import { Typeflag } from '../../../../containers/entry.ts';
import { quote } from '../../../../text/printable.ts';
import type { SdistRule } from '../../sdist-rule.ts';

export const pkgInfoIrregular: SdistRule = {
  kind: 'metadata',
  id: 'pkg-info-irregular',
  level: 'error',
  summary: 'PKG-INFO is not a regular file',
  field: 'typeflag',
  advice: {
    forUsers:
      'Do not install it: the description of the package is missing, or programs read it from another file.',
    forPublishers: 'Ship PKG-INFO as a file.',
  },
  check: (sdist, report) => {
    for (const entry of sdist.pkgInfoEntries) {
      if (entry.typeflag !== Typeflag.File)
        report(`typeflag ${quote(String.fromCharCode(entry.typeflag))}`, entry);
    }
  },
};
