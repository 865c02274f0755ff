import { isRecord, unsafePath } from '../package/manifest.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const directoriesEscape: Rule<'directories-escape'> = defineRule({
  id: 'directories-escape',
  level: 'error',
  summary: 'A folder that package.json names leads out of the package',
  remedy:
    "Do not install it: managers make commands of the files in that folder, which are not the package's. As its publisher, name folders of the package in `directories`.",
  package: (contents, tell) => {
    const { manifest } = contents;
    if (!manifest?.ok || !isRecord(manifest.json['directories'])) return;
    for (const [name, path] of Object.entries(manifest.json['directories'])) {
      const why = typeof path === 'string' ? unsafePath(path) : undefined;
      if (why !== undefined)
        tell(`${name} ${quote(String(path))}: ${why}`, contents.manifestEntries.at(-1));
    }
  },
});
