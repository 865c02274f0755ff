import { quote } from '../../../../text/printable.ts';
import type { ModuleRule } from '../../module-rule.ts';

export const moduleFileName: ModuleRule = {
  kind: 'metadata',
  id: 'module-file-name',
  level: 'error',
  field: 'name',
  summary: 'go does not accept the name of a file in the module zip',
  advice: {
    forUsers: 'Do not use it: go refuses the module, and other tools unpack the file.',
    forPublishers:
      'Rename the file: letters, digits, spaces and !#$%&()+,-.=@[]^_{}~ are allowed, names of Windows devices are not.',
  },
  check({ badNames }, report) {
    for (const { entry, problem } of badNames) report(`${quote(entry.path)} has ${problem}`, entry);
  },
};
