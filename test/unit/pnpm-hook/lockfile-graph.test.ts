import { describe, expect, it } from 'vitest';
import { LockfileGraph } from '../../../packages/pnpm-hook/src/project/lockfile-graph.ts';
import type { PnpmLockfile } from '../../../packages/pnpm-hook/src/pnpm-shapes.ts';

const nodes = {
  'a@1.0.0': { dependencies: { b: '1.0.0' }, optionalDependencies: { c: '1.0.0' } },
  'b@1.0.0': {},
  'c@1.0.0': { dependencies: { d: '1.0.0(b@1.0.0)', alias: 'real@2.0.0' } },
  'd@1.0.0(b@1.0.0)': {},
  'real@2.0.0': { dependencies: { c: '1.0.0' } },
  'e@1.0.0': { optional: true },
};
const importers = { '.': { dependencies: { a: '1.0.0' } } };

describe.each([
  ['merged, as pnpm 10 and 11 show it', { importers, packages: nodes }],
  [
    'apart, as pnpm 12 shows it',
    { importers: { '.': { dependencies: { a: { version: '1.0.0' } } } }, snapshots: nodes },
  ],
])('a lockfile %s', (_, lockfile) => {
  it.each([
    ['a@1.0.0', false],
    ['b@1.0.0', false],
    ['c@1.0.0', true],
    ['d@1.0.0(b@1.0.0)', true],
    ['real@2.0.0', true],
    ['e@1.0.0', false],
    ['missing@1.0.0', false],
  ])('%s is optional: %s', (key, optional) => {
    expect(new LockfileGraph(lockfile).isOptional(key)).toBe(optional);
  });

  it('is needed as soon as one project needs it, for development too', () => {
    const more = { ...lockfile.importers, other: { devDependencies: { c: '1.0.0' } } };
    const graph = new LockfileGraph({ ...lockfile, importers: more });
    expect(graph.isOptional('d@1.0.0(b@1.0.0)')).toBe(false);
  });
});

describe('LockfileGraph', () => {
  it('walks circles and odd names', () => {
    const packages = JSON.parse(
      '{"__proto__@1.0.0": {"dependencies": {"a": "1.0.0"}}, "a@1.0.0": {"dependencies": {"__proto__": "1.0.0"}}}',
    ) as NonNullable<PnpmLockfile['packages']>;
    const graph = new LockfileGraph({
      packages,
      importers: { '.': { optionalDependencies: { a: '1.0.0' } } },
    });
    expect(graph.isOptional('a@1.0.0')).toBe(true);
    expect(graph.isOptional('toString')).toBe(false);
  });

  it('goes on after a key that leads nowhere', () => {
    const graph = new LockfileGraph({
      importers: {
        '.': { dependencies: { a: '1.0.0', b: '2.0.0' }, optionalDependencies: { d: '1.0.0' } },
      },
      packages: {
        'a@1.0.0': { dependencies: { c: '1.0.0' } },
        'b@2.0.0': {},
        'c@1.0.0': {},
        'd@1.0.0': { dependencies: { c: '1.0.0' } },
      },
    });
    expect(graph.isOptional('c@1.0.0')).toBe(false);
    expect(graph.isOptional('d@1.0.0')).toBe(true);
  });

  it('takes edges that are no text for none', () => {
    const dependencies = { a: null, b: {}, c: 7, d: { version: ['1.0.0'] } };
    const graph = new LockfileGraph({ importers: { '.': { dependencies } } });
    expect(graph.isOptional('c@7')).toBe(false);
  });
});
