import { quote } from '../../../../text/printable.ts';
import type { ModuleRule } from '../../module-rule.ts';

export const moduleNameMismatch: ModuleRule = {
  kind: 'metadata',
  id: 'module-name-mismatch',
  level: 'error',
  summary: 'The module zip contains another module or version than was asked for',
  advice: {
    forUsers:
      'Do not use it: the proxy served another module than go asked for. Use another proxy, or report it to the people who run this one.',
    forPublishers: 'Serve each zip under the module and version that its folder names.',
  },
  check({ claimed }, report, { expected }) {
    if (claimed === undefined) return;
    for (const field of ['name', 'version'] as const) {
      const asked = expected[field];
      if (asked !== undefined && asked !== claimed[field])
        report(`${field} ${quote(claimed[field] ?? '')}, and ${quote(asked)} was asked for`);
    }
  },
};
