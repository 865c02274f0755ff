import { quote } from '../../../../text/printable.ts';
import type { ModuleRule } from '../../module-rule.ts';

export const goModMisplaced: ModuleRule = {
  kind: 'metadata',
  id: 'go-mod-misplaced',
  level: 'error',
  field: 'name',
  summary:
    'A module zip has a go.mod that is not at its root, or whose name has other upper and lower case',
  advice: {
    forUsers:
      'Do not use it: a folder with a go.mod is another module, which go never packs. On a file system that ignores case, it can replace the real go.mod.',
    forPublishers: 'Let go or a module proxy make the zip: they leave folders with a go.mod out.',
  },
  check({ misplaced }, report) {
    for (const entry of misplaced) report(quote(entry.path), entry);
  },
};
