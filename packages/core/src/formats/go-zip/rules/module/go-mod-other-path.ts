import { quote } from '../../../../text/printable.ts';
import type { ModuleRule } from '../../module-rule.ts';

export const goModOtherPath: ModuleRule = {
  kind: 'metadata',
  id: 'go-mod-other-path',
  level: 'note',
  field: 'content',
  summary: 'go.mod names another module path than the zip',
  advice: {
    forUsers:
      'You need not do anything if a replace line of your go.mod leads to this module: a fork keeps the module path of the original.',
    forPublishers: 'Write the path under which the module is published into go.mod.',
  },
  check({ goMod, moduleLine, prefix }, report) {
    if (moduleLine !== undefined && prefix !== undefined && moduleLine !== prefix.name)
      report(`${quote(moduleLine)} in the zip of ${quote(prefix.name)}`, goMod);
  },
};
