import type { MetadataRule } from '../../../../rules/rule.ts';

export const manifestDuplicate: MetadataRule = {
  kind: 'metadata',
  id: 'manifest-duplicate',
  level: 'error',
  summary: 'The archive has more than one package.json with different content',
  advice: {
    forUsers:
      'Do not install it: managers use the last package.json, but a reviewer may have read the first.',
    forPublishers: 'Pack it again without the file that is left over.',
  },
  check: (npm, report) => {
    if (npm.tree.differing.has('package.json'))
      report('managers take the last one', npm.manifestEntries.at(-1));
  },
};
