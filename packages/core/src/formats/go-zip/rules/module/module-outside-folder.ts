import { quote } from '../../../../text/printable.ts';
import type { ModuleRule } from '../../module-rule.ts';

export const moduleOutsideFolder: ModuleRule = {
  kind: 'metadata',
  id: 'module-outside-folder',
  level: 'error',
  summary: 'An entry lies outside the one folder module@version/ of a module zip',
  advice: {
    forUsers:
      "Do not use it: go refuses such a zip, and other tools unpack what lies outside into somebody else's folder.",
    forPublishers:
      'Let go or a module proxy make the zip: every entry begins with module@version/.',
  },
  check({ outside, prefix }, report) {
    for (const entry of outside)
      report(
        prefix === undefined
          ? `${quote(entry.path)} is in no folder module@version/`
          : `${quote(entry.path)} is not in ${quote(prefix.text)}`,
        entry,
      );
  },
};
