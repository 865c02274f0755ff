import { Typeflag } from '../archive/entry.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const manifestOversized: Rule<'manifest-oversized'> = defineRule({
  id: 'manifest-oversized',
  level: 'error',
  stopsReading: true,
  summary: 'package.json is larger than the limit',
  remedy:
    'If you know why it is so large, raise `limits.manifestBytes` in your own policy file; until then its scripts and dependencies are not checked. As its publisher, move data out of package.json.',
  package: (contents, tell) => {
    for (const entry of contents.manifestEntries) {
      if (entry.typeflag === Typeflag.File && entry.size > contents.manifestCap)
        tell(`${entry.size} bytes`, entry);
    }
    if (contents.manifestCrowded)
      tell(`more than ${contents.manifestValues} values`, contents.manifestEntries.at(-1));
  },
});
