import { Typeflag } from '../archive/entry.ts';
import { quote } from '../printable.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const manifestLink: Rule<'manifest-link'> = defineRule({
  id: 'manifest-link',
  level: 'error',
  summary: 'package.json is not a regular file',
  remedy:
    "Do not install it. Report it to the package's maintainers and the registry; a publisher who repacks it with a current `npm pack` gets rid of it.",
  package: (contents, tell) => {
    for (const entry of contents.manifestEntries) {
      if (entry.typeflag !== Typeflag.File)
        tell(`typeflag ${quote(String.fromCharCode(entry.typeflag))}`, entry);
    }
  },
});
