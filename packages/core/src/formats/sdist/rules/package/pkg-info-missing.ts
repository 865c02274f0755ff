import type { SdistRule } from '../../sdist-rule.ts';

export const pkgInfoMissing: SdistRule = {
  kind: 'metadata',
  id: 'pkg-info-missing',
  level: 'error',
  summary: 'An sdist that an index offers has no PKG-INFO',
  advice: {
    forUsers:
      'Do not install it: nothing in the archive says which package it is, and the index would refuse its upload.',
    forPublishers: 'Build the sdist with `python -m build --sdist`, which writes PKG-INFO.',
  },
  check: (sdist, report, { expected }) => {
    // A version is known of what an index offers. An archive of sources, from a forge, is built by pip as well.
    if (expected.version === undefined || !sdist.tree.complete) return;
    if (sdist.pkgInfoEntries.length === 0) report('no entry lands at PKG-INFO');
  },
};
