import { Typeflag } from '../../../../containers/entry.ts';
import type { SdistRule } from '../../sdist-rule.ts';

export const pkgInfoOversized: SdistRule = {
  kind: 'metadata',
  id: 'pkg-info-oversized',
  level: 'error',
  stopsReading: true,
  summary: 'PKG-INFO is larger than the limit',
  advice: {
    forUsers:
      'If you know why it is so large, raise `limits.manifestBytes` in your own policy file; until then, tarwarden cannot check which package this is.',
    forPublishers: 'Shorten the description of the project.',
  },
  check: (sdist, report) => {
    for (const entry of sdist.pkgInfoEntries) {
      if (entry.typeflag === Typeflag.File && entry.size > sdist.pkgInfoCap)
        report(`${entry.size} bytes`, entry);
    }
  },
};
