import type { MetadataRule } from '../../../../rules/rule.ts';
import { STOPS, withCodes } from '../../../../rules/table-rows.ts';

const unreadable = withCodes({
  id: 'manifest-unreadable',
  level: 'error',
  summary: 'The archive has no package.json that can be read',
  advice: {
    forUsers:
      'Do not install it: its identity, scripts and dependencies cannot be checked, and npm and pnpm believe the registry instead.',
    forPublishers:
      'Pack from the folder that holds package.json, and check the file with `node -p "require(\'./package.json\')"`.',
  },
});

export const manifestMissing: MetadataRule = {
  ...unreadable('manifest-missing', 'The archive has no package.json'),
  kind: 'metadata',
  check: (npm, report) => {
    if (npm.tree.complete && npm.manifestEntries.length === 0)
      report('no entry lands at package.json');
  },
};

export const manifestInvalid: MetadataRule = {
  ...unreadable('manifest-invalid', 'package.json cannot be read', STOPS),
  kind: 'metadata',
  check: (npm, report) => {
    if (npm.manifest?.ok === false) report(npm.manifest.problem, npm.manifestEntries.at(-1));
  },
};
