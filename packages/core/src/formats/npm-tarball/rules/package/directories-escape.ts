import { isRecord, unsafePath } from '../../../../metadata/manifest.ts';
import { quote } from '../../../../text/printable.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

export const directoriesEscape: MetadataRule = {
  kind: 'metadata',
  id: 'directories-escape',
  level: 'error',
  summary: 'A folder that package.json names leads out of the package',
  advice: {
    forUsers:
      'Do not install it: managers create commands from the files in that folder, which do not belong to the package.',
    forPublishers: 'Name folders of the package in `directories`.',
  },
  check: (npm, report) => {
    const { manifest } = npm;
    if (!manifest?.ok || !isRecord(manifest.json['directories'])) return;
    for (const [name, path] of Object.entries(manifest.json['directories'])) {
      const why = typeof path === 'string' ? unsafePath(path) : undefined;
      if (why !== undefined)
        report(`${name} ${quote(String(path))}: ${why}`, npm.manifestEntries.at(-1));
    }
  },
};
