/** What the core says of a module zip that was built in code. */
import { inspect, type ExpectedPackage, type Finding, type Verdict } from '@tarwarden/core';
import { moduleFiles, moduleZip, type ModuleOptions } from './module-zip.ts';

export const MODULE = 'example.org/m@v1.0.0';

export interface JudgedModule extends Verdict {
  of(rule: string): readonly Finding[];
}

/** Of the module that is asked for, unless the options say otherwise. */
export function judgedModule(
  options: Partial<ModuleOptions>,
  expected: ExpectedPackage = { name: 'example.org/m', version: 'v1.0.0' },
): JudgedModule {
  const { module = MODULE, files = moduleFiles(module.slice(0, module.lastIndexOf('@'))) } =
    options;
  const verdict = inspect(moduleZip({ ...options, module, files }), { format: 'gomod', expected });
  return { ...verdict, of: (rule) => verdict.findings.filter((one) => one.rule === rule) };
}
