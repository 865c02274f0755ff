import type { MetadataRule } from '../../../../rules/rule.ts';

export const manifestMissing: MetadataRule = {
  kind: 'metadata',
  id: 'manifest-missing',
  level: 'error',
  summary: 'The archive has no package.json',
  advice: {
    forUsers:
      'Do not install it: nothing in the archive says which package it is, and npm and pnpm believe the registry instead.',
    forPublishers: 'Pack from the folder that holds package.json.',
  },
  check: (npm, report) => {
    if (npm.tree.complete && npm.manifestEntries.length === 0)
      report('no entry lands at package.json');
  },
};
