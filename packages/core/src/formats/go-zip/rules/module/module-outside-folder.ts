import { quote } from '../../../../text/printable.ts';
import type { ModuleRule } from '../../module-rule.ts';

export const moduleOutsideFolder: ModuleRule = {
  kind: 'metadata',
  id: 'module-outside-folder',
  level: 'error',
  summary: 'An entry of the module zip is outside its folder module@version/',
  advice: {
    forUsers:
      'Do not use it: go refuses such a zip, and other tools unpack the entry into the folder of another module.',
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
