import { describe, expect, it } from 'vitest';
import {
  catalogsOf,
  parseProjectManifest,
} from '../../../../packages/audit/src/requests/manifest.ts';

const replaced = (document: object): string[] =>
  parseProjectManifest(document).overrides.map(({ name, by }) => `${name} ${by}`);

describe('what a package.json has other packages have', () => {
  it('in the words of npm, within one another', () =>
    expect(
      replaced({ overrides: { a: '1', 'b@^2': { '.': '3', '@s/c': '$a', d: { '@s/e@1': '4' } } } }),
    ).toEqual(['a 1', 'b 3', '@s/c $a', '@s/e 4']));

  it('in the words of Yarn', () =>
    expect(
      replaced({
        resolutions: { a: '1', '**/b': '2', 'x/**/@s/c': '3', '@s/x/d': '4', 'e@npm:^1': '5' },
      }),
    ).toEqual(['a 1', 'b 2', '@s/c 3', 'd 4', 'e 5']));

  it('in the words of pnpm', () =>
    expect(replaced({ pnpm: { overrides: { a: '1', 'x>b': '2', 'x@1>@s/c@<2': '3' } } })).toEqual([
      'a 1',
      'b 2',
      '@s/c 3',
    ]));

  it('however much it nests', () => {
    let overrides: object = { a: '1' };
    for (let depth = 0; depth < 1000; depth += 1) overrides = { x: overrides };
    expect(replaced({ overrides })).toEqual([]);
    expect(replaced({ resolutions: { [`${'a'.repeat(100_000)}*`]: '1' } })).toEqual([]);
  });
});

it('optional dependencies count before those of development', () => {
  const { dependencies } = parseProjectManifest({
    optionalDependencies: { a: '3' },
    devDependencies: { a: '1', b: '1', c: {} },
    dependencies: { a: '2' },
  });
  expect([...dependencies]).toEqual([
    ['a', '3'],
    ['b', '1'],
  ]);
});

it('catalogs have a name, or are the default', () => {
  const catalogs = catalogsOf({ catalog: { a: '1' }, catalogs: { old: { a: '0' } } });
  expect(catalogs.get('default')?.get('a')).toBe('1');
  expect(catalogs.get('old')?.get('a')).toBe('0');
  expect(catalogsOf('x').size).toBe(0);
});

it.each([[null], ['x'], [[]], [{ dependencies: [], overrides: 1, workspaces: null }]])(
  'nothing is asked by %j',
  (document) => {
    const { name, dependencies, overrides } = parseProjectManifest(document);
    expect([name, dependencies.size, overrides.length]).toEqual(['', 0, 0]);
  },
);
