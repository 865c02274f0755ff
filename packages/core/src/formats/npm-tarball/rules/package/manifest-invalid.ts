import type { MetadataRule } from '../../../../rules/rule.ts';

export const manifestInvalid: MetadataRule = {
  kind: 'metadata',
  id: 'manifest-invalid',
  level: 'error',
  stopsReading: true,
  summary: 'package.json cannot be read',
  advice: {
    forUsers: 'Do not install it: its scripts and dependencies cannot be checked.',
    forPublishers:
      'Check the file with `node -p "require(\'./package.json\')"`, and publish it again.',
  },
  check: (npm, report) => {
    if (npm.manifest?.ok === false) report(npm.manifest.problem, npm.manifestEntries.at(-1));
  },
};
