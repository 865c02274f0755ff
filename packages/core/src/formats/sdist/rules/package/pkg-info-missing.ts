import type { SdistRule } from '../../sdist-rule.ts';

export const pkgInfoMissing: SdistRule = {
  kind: 'metadata',
  id: 'pkg-info-missing',
  level: 'error',
  summary: 'An sdist that an index offers has no PKG-INFO',
  advice: {
    forUsers:
      'Do not install it: nothing in the archive says which package it is, and the index would not accept its upload.',
    forPublishers: 'Build the sdist with `python -m build --sdist`, which writes PKG-INFO.',
  },
  check: (sdist, report, { expected }) => {
    // The version is known only for a file from an index. pip also builds source archives of a forge, which have no PKG-INFO.
    if (expected.version === undefined || !sdist.tree.complete) return;
    if (sdist.pkgInfoEntries.length === 0) report('no entry lands at PKG-INFO');
  },
};
