import {
  MAX_GO_MOD_BYTES,
  MAX_MODULE_BYTES,
  MAX_MODULE_LICENSE_BYTES,
} from '../../../../limits.ts';
import type { ModuleRule } from '../../module-rule.ts';

export const moduleSizeLimit: ModuleRule = {
  kind: 'metadata',
  id: 'module-size-limit',
  level: 'error',
  field: 'size',
  summary: 'A module zip, its go.mod or its LICENSE is larger than go accepts',
  advice: {
    forUsers: 'Do not use it: go refuses the module, after it has downloaded it.',
    forPublishers: 'Keep large files out of the module.',
  },
  check({ goMod, license, size }, report) {
    if (size > MAX_MODULE_BYTES) report(`${size} bytes of files, and go takes ${MAX_MODULE_BYTES}`);
    if (goMod !== undefined && goMod.size > MAX_GO_MOD_BYTES)
      report(`a go.mod of ${goMod.size} bytes, and go takes ${MAX_GO_MOD_BYTES}`, goMod);
    if (license !== undefined && license.size > MAX_MODULE_LICENSE_BYTES)
      report(
        `a LICENSE of ${license.size} bytes, and go takes ${MAX_MODULE_LICENSE_BYTES}`,
        license,
      );
  },
};
