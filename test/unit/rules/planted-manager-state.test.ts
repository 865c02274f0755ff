import { describe, expect, it } from 'vitest';
import { judged, packageWith } from '../../support/judged.ts';
import { tgz } from '../../support/pkg.ts';
import { entry } from '../../support/tar.ts';

const RULE = 'planted-manager-state';

describe('planted-manager-state', () => {
  it('rejects the hidden lockfile of npm', () => {
    const verdict = judged(packageWith(entry({ name: 'package/node_modules/.package-lock.json' })));
    expect(verdict.of(RULE)).toMatchObject([
      {
        level: 'error',
        entry: 'package/node_modules/.package-lock.json',
        entryIndex: 2,
        offset: 2048,
      },
    ]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects the records of pnpm and Yarn', () => {
    const verdict = judged(
      packageWith(
        entry({ name: 'package/node_modules/.modules.yaml' }),
        entry({ name: 'package/node_modules/.yarn-state.yml' }),
      ),
    );
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }, { level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it('rejects the loader of Yarn', () => {
    const verdict = judged(packageWith(entry({ name: 'package/.pnp.cjs' })));
    expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
    expect(verdict.status).toBe('reject');
  });

  it.each(['PNP~1.CJS', 'node_modules/PACKAG~1.JSO', 'NODE_M~1/MODULE~1.YAM', '.pnp\u115f.cjs'])(
    'rejects the same file by another name: %s',
    (name) => {
      const verdict = judged(packageWith(entry({ name: `package/${name}`, body: 'x' })));
      expect(verdict.of(RULE)).toMatchObject([{ level: 'error' }]);
      expect(verdict.status).toBe('reject');
    },
  );

  it('is silent about lockfiles, which no manager reads in a dependency', () => {
    const verdict = judged(
      tgz({ files: { 'package-lock.json': '{}', 'yarn.lock': '', 'pnpm-lock.yaml': '' } }),
    );
    expect(verdict.of(RULE)).toEqual([]);
    expect(verdict.status).toBe('accept');
  });
});
