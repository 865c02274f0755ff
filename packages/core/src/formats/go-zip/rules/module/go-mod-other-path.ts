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
      'Nothing, where a replace line leads to this module: forks keep the path of what they replace.',
    forPublishers: 'Write the path under which the module is published into go.mod.',
  },
  check({ goMod, moduleLine, prefix }, report) {
    if (moduleLine !== undefined && prefix !== undefined && moduleLine !== prefix.name)
      report(`${quote(moduleLine)} in the zip of ${quote(prefix.name)}`, goMod);
  },
};
