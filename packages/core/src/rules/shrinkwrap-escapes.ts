import { MAX_SHRINKWRAP_BYTES, MAX_SHRINKWRAP_VALUES } from '../limits.ts';
import { hasMoreValues } from '../package/json-values.ts';
import { parseShrinkwrap, placesOutside } from '../package/shrinkwrap.ts';
import { defineRule, type Rule } from './define-rule.ts';

export const shrinkwrapEscapes: Rule<'shrinkwrap-escapes'> = defineRule({
  id: 'shrinkwrap-escapes',
  level: 'error',
  summary: "The package's own lockfile names places outside the package",
  remedy:
    'Do not install it: npm 10 would link, replace or make executable what is not of the package. As its publisher, write npm-shrinkwrap.json with npm, without `file:` dependencies outside the package.',
  package: (contents, tell) => {
    const { shrinkwrap } = contents;
    if (shrinkwrap === undefined) return;
    const { entry, bytes } = shrinkwrap;
    if (bytes === undefined) {
      tell(`it has ${entry.size} bytes, and no more than ${MAX_SHRINKWRAP_BYTES} are read`, entry);
      return;
    }
    if (hasMoreValues(bytes, MAX_SHRINKWRAP_VALUES)) {
      tell(`it has more than ${MAX_SHRINKWRAP_VALUES} values, and is not read`, entry);
      return;
    }
    const lock = parseShrinkwrap(bytes);
    if (lock === undefined && bytes.includes('<<<<<<<'))
      tell('it holds the marks of a merge conflict, which npm resolves by itself', entry);
    for (const detail of placesOutside(lock)) tell(detail, entry);
  },
});
