import { MAX_SHRINKWRAP_BYTES, MAX_SHRINKWRAP_VALUES } from '../../../../limits.ts';
import { hasMoreValues } from '../../../../metadata/json-values.ts';
import { parseShrinkwrap, placesOutside } from '../../../../metadata/shrinkwrap.ts';
import type { MetadataRule } from '../../../../rules/rule.ts';

export const shrinkwrapEscapes: MetadataRule = {
  kind: 'metadata',
  id: 'shrinkwrap-escapes',
  level: 'error',
  summary: "The package's own lockfile contains paths outside the package",
  advice: {
    forUsers:
      'Do not install it: npm 10 would link or replace files that do not belong to the package, or make them executable.',
    forPublishers:
      'Write npm-shrinkwrap.json with npm, without `file:` dependencies outside the package.',
  },
  check: (npm, report) => {
    const { shrinkwrap } = npm;
    if (shrinkwrap === undefined) return;
    const { entry, bytes } = shrinkwrap;
    if (bytes === undefined) {
      report(
        `it has ${entry.size} bytes, and no more than ${MAX_SHRINKWRAP_BYTES} are read`,
        entry,
      );
      return;
    }
    if (hasMoreValues(bytes, MAX_SHRINKWRAP_VALUES)) {
      report(`it has more than ${MAX_SHRINKWRAP_VALUES} values, and is not read`, entry);
      return;
    }
    const lock = parseShrinkwrap(bytes);
    if (lock === undefined && bytes.includes('<<<<<<<'))
      report('it holds the marks of a merge conflict, which npm resolves by itself', entry);
    for (const detail of placesOutside(lock)) report(detail, entry);
  },
};
