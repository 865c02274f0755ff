import { unsafePath } from '../package/manifest.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const manEscapes: Rule<'man-escapes'> = defineRule({
  id: 'man-escapes',
  level: 'error',
  summary: 'A manual page of the package leads out of it',
  remedy:
    'Do not install it, least of all with `-g`, which links manual pages into a folder of the system. As its publisher, name files of the package in `man`.',
  package: (contents, tell) => {
    const { manifest } = contents;
    if (!manifest?.ok) return;
    const { man } = manifest.json;
    for (const path of Array.isArray(man) ? man : [man]) {
      const why = typeof path === 'string' ? unsafePath(path) : undefined;
      if (why !== undefined)
        tell(`${quote(String(path))}: ${why}`, contents.manifestEntries.at(-1));
    }
  },
});
