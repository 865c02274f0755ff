import { Typeflag } from '../../../../containers/entry.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

export const manifestOversized: MetadataRule = {
  kind: 'metadata',
  id: 'manifest-oversized',
  level: 'error',
  stopsReading: true,
  summary: 'package.json is larger than the limit',
  advice: {
    forUsers:
      'If you know why it is so large, raise `limits.manifestBytes` in your own policy file; until then its scripts and dependencies are not checked.',
    forPublishers: 'Move data out of package.json.',
  },
  check: (npm, report) => {
    for (const entry of npm.manifestEntries) {
      if (entry.typeflag === Typeflag.File && entry.size > npm.manifestCap)
        report(`${entry.size} bytes`, entry);
    }
    if (npm.manifestCrowded)
      report(`more than ${npm.manifestValues} values`, npm.manifestEntries.at(-1));
  },
};
