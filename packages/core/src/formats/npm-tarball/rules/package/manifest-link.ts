import { Typeflag } from '../../../../containers/entry.ts';
import { quote } from '../../../../text/printable.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

export const manifestLink: MetadataRule = {
  kind: 'metadata',
  id: 'manifest-link',
  level: 'error',
  summary: 'package.json is not a regular file',
  advice: {
    forUsers:
      'Do not install it: the manifest is missing, or managers read it from the file that the link points to.',
    forPublishers: 'Ship package.json as a file.',
  },
  check: (npm, report) => {
    for (const entry of npm.manifestEntries) {
      if (entry.typeflag !== Typeflag.File)
        report(`typeflag ${quote(String.fromCharCode(entry.typeflag))}`, entry);
    }
  },
};
