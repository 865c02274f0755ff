import { Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const manifestLink: Rule<'manifest-link'> = defineRule({
  id: 'manifest-link',
  level: 'error',
  summary: 'package.json is not a regular file',
  remedy:
    'Do not install it: the manifest is missing, or read from wherever the link leads. As its publisher, ship package.json as a file.',
  package: (contents, tell) => {
    for (const entry of contents.manifestEntries) {
      if (entry.typeflag !== Typeflag.File)
        tell(`typeflag ${quote(String.fromCharCode(entry.typeflag))}`, entry);
    }
  },
});
