import { quote } from '../../../../text/printable.ts';
import type { ModuleRule } from '../../module-rule.ts';

export const moduleFileName: ModuleRule = {
  kind: 'metadata',
  id: 'module-file-name',
  level: 'error',
  field: 'name',
  summary: 'A name in a module zip is one that go does not take',
  advice: {
    forUsers: 'Do not use it: go refuses the module, and other tools unpack the file.',
    forPublishers:
      'Rename the file: letters, digits, spaces and !#$%&()+,-.=@[]^_{}~ are taken, names of Windows devices are not.',
  },
  check({ badNames }, report) {
    for (const { entry, problem } of badNames) report(`${quote(entry.path)} has ${problem}`, entry);
  },
};
