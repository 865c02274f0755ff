import { unsafePath } from '../../../../metadata/manifest.ts';
import { quote } from '../../../../text/printable.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

export const manEscapes: MetadataRule = {
  kind: 'metadata',
  id: 'man-escapes',
  level: 'error',
  summary: 'The path of a manual page leads out of the package',
  advice: {
    forUsers:
      'Do not install it, least of all with `-g`, which links manual pages into a folder of the system.',
    forPublishers: 'Name files of the package in `man`.',
  },
  check: (npm, report) => {
    const { manifest } = npm;
    if (!manifest?.ok) return;
    const { man } = manifest.json;
    for (const path of Array.isArray(man) ? man : [man]) {
      const why = typeof path === 'string' ? unsafePath(path) : undefined;
      if (why !== undefined) report(`${quote(String(path))}: ${why}`, npm.manifestEntries.at(-1));
    }
  },
};
