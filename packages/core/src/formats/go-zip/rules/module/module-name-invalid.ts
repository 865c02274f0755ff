import type { ModuleRule } from '../../module-rule.ts';

export const moduleNameInvalid: ModuleRule = {
  kind: 'metadata',
  id: 'module-name-invalid',
  level: 'error',
  summary: 'The folder of a module zip is not a module path with a canonical version',
  advice: {
    forUsers: 'Do not use it: go accepts no module of this name or version.',
    forPublishers: 'Tag a version as v1.2.3, and give the module a path that go takes.',
  },
  check(metadata, report, { expected }) {
    const problem = metadata.nameProblem(expected);
    if (problem !== undefined) report(problem);
  },
};
