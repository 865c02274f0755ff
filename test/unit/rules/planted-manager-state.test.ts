import { describe, expect, it } from 'vitest';
import { expectRejected, expectSilent, inspected, packageWith } from '../../support/inspected.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'planted-manager-state';

describe('planted-manager-state', () => {
  it('rejects the hidden lockfile of npm', () => {
    const verdict = inspected(
      packageWith(entry({ name: 'package/node_modules/.package-lock.json' })),
    );
    expectRejected(verdict, RULE, [
      {
        level: 'error',
        entry: 'package/node_modules/.package-lock.json',
        entryIndex: 2,
        offset: 2048,
      },
    ]);
  });

  it('rejects the records of pnpm and Yarn', () => {
    const verdict = inspected(
      packageWith(
        entry({ name: 'package/node_modules/.modules.yaml' }),
        entry({ name: 'package/node_modules/.yarn-state.yml' }),
      ),
    );
    expectRejected(verdict, RULE, [{ level: 'error' }, { level: 'error' }]);
  });

  it.each([
    'node_modules/.pnpm/lock.yaml',
    'node_modules/.pnpm-workspace-state-v1.json',
    'node_modules/.pnpm-workspace-state.json',
    'node_modules/.yarn-integrity',
    'node_modules/dep/node_modules/.package-lock.json',
    'node_modules/@scope/dep/node_modules/.modules.yaml',
    'node_modules/@scope/dep/node_modules/inner/node_modules/.yarn-state.yml',
    './node_modules/./.modules.yaml',
  ])('rejects what is believed where a manager looks: %s', (name) => {
    const verdict = inspected(packageWith(entry({ name: `package/${name}`, body: 'x' })));
    expectRejected(verdict, RULE, [{ level: 'error', entry: `package/${name}` }]);
  });

  it.each([
    'dist/node_modules/.modules.yaml',
    'dist/node_modules/.pnpm/lock.yaml',
    'dist/node_modules/.pnpm-workspace-state-v1.json',
    'lib/node_modules/.yarn-integrity',
    'node_modules/dep/dist/node_modules/.package-lock.json',
    'node_modules/.pnpm/a@1.0.0/node_modules/.modules.yaml',
    'node_modules/.pnpm/lock.yaml/x',
    'node_modules/dep/.modules.yaml',
    '.modules.yaml',
    '.pnpm/lock.yaml',
  ])('is silent about it where no manager looks, as a build leaves it: %s', (name) => {
    const verdict = inspected(packageWith(entry({ name: `package/${name}`, body: 'x' })));
    expect(verdict.findings).toEqual([]);
    expect(verdict.status).toBe('accept');
  });

  it('rejects the loader of Yarn wherever it lies, since Node and bundlers look above', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/dist/.pnp.cjs', body: 'x' })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('rejects the loader of Yarn', () => {
    const verdict = inspected(packageWith(entry({ name: 'package/.pnp.cjs' })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it.each([
    'PNP~1.CJS',
    'node_modules/PACKAG~1.JSO',
    'NODE_M~1/MODULE~1.YAM',
    '.pnp\u115f.cjs',
    'Node_Modules/PNPM~1/LOCK~1.YAM',
    'node_modules/.PNPM/Lock.YAML',
    'node_modules/PNPM-W~1.JSO',
    'node_modules/.p\u200cnpm/lock.yaml',
  ])('rejects the same file by another name: %s', (name) => {
    const verdict = inspected(packageWith(entry({ name: `package/${name}`, body: 'x' })));
    expectRejected(verdict, RULE, [{ level: 'error' }]);
  });

  it('is silent about lockfiles, which no manager reads in a dependency', () => {
    const verdict = inspected(
      tgz({ files: { 'package-lock.json': '{}', 'yarn.lock': '', 'pnpm-lock.yaml': '' } }),
    );
    expectSilent(verdict, RULE);
  });
});
