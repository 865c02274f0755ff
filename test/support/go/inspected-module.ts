/** What the core says of a module zip that was built in code. */
import type { ExpectedPackage } from '@tarwarden/core';
import { inspected, type Inspected } from '../inspected.ts';
import { moduleFiles, moduleZip, type ModuleOptions } from './module-zip.ts';

export const MODULE = 'example.org/m@v1.0.0';

/** Of the module that is asked for, unless the options say otherwise. */
export function inspectedModule(
  options: Partial<ModuleOptions>,
  expected: ExpectedPackage = { name: 'example.org/m', version: 'v1.0.0' },
): Inspected {
  const { module = MODULE, files = moduleFiles(module.slice(0, module.lastIndexOf('@'))) } =
    options;
  return inspected(moduleZip({ ...options, module, files }), { format: 'gomod', expected });
}
