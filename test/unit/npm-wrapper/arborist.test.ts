/** The gates in Arborist: a refusal that npm swallowed for an optional dependency is thrown again. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { interceptAll } from '../../../packages/guard/src/run/intercept.ts';
import { arboristInterceptions } from '../../../packages/npm-wrapper/src/arborist.ts';
import { NpmGuard } from '../../../packages/npm-wrapper/src/npm-guard.ts';

const fakes = vi.hoisted(() => ({ link: undefined as object | undefined }));
vi.mock('../../../packages/npm-wrapper/src/links-out.ts', () => ({
  linkOut: (tree: { path?: unknown }) => (tree.path === '/project' ? fakes.link : undefined),
}));
const checks = vi.hoisted(() => ({ checkNames: vi.fn(), checkShrinkwrap: vi.fn() }));
vi.mock('../../../packages/npm-wrapper/src/shrinkwraps.ts', () => checks);

const REIFY_NODE = Symbol.for('reifyNode');
const node = (name: string) => ({
  name,
  packageName: 'real',
  version: '1.0.0',
  resolved: 'https://registry.example/real.tgz',
  isRegistryDependency: true,
});
const asks = (name: string) => ({
  type: 'RemoteFetcher',
  spec: { name },
  opts: { resolved: 'https://registry.example/real.tgz' },
});

function arborist() {
  return class Arborist {
    readonly calls: unknown[][] = [];
    tree: unknown = { inventory: new Map([['a', node('a')]]) };
    options: object | undefined;
    actualTree: unknown;

    async buildIdealTree(...args: unknown[]): Promise<unknown> {
      this.calls.push(['buildIdealTree', ...args]);
      return this.tree;
    }
    async loadVirtual(...args: unknown[]): Promise<unknown> {
      this.calls.push(['loadVirtual', ...args]);
      return this.tree;
    }
    async rebuild(...args: unknown[]): Promise<unknown> {
      this.calls.push(['rebuild', ...args]);
      return 'rebuilt';
    }
    async reify(): Promise<void> {}
    [REIFY_NODE](...args: unknown[]): unknown {
      this.calls.push(['reifyNode', ...args]);
      return 'reified';
    }
  };
}

let guard: NpmGuard;
/** Gets the guard into a copy of Arborist. */
const guardArborist = (exports: unknown): void =>
  interceptAll(arboristInterceptions({ exports }, guard, import.meta.filename));

let Arborist: ReturnType<typeof arborist>;
beforeEach(() => {
  fakes.link = undefined;
  for (const check of Object.values(checks)) check.mockReset().mockResolvedValue(undefined);
  guard = new NpmGuard({}, () => undefined);
  Arborist = arborist();
  guardArborist(Arborist);
});

/** A refusal that npm keeps to itself. */
function swallowed(): Error {
  return guard.uninspectedNow('refused');
}

describe('without a refusal', () => {
  test('npm gets what it asked for, and its arguments are its own', async () => {
    const one = new Arborist();
    expect(await one.buildIdealTree({ a: 1 }, 2)).toBe(one.tree);
    expect(await one.rebuild({ b: 1 }, 2)).toBe('rebuilt');
    expect(one[REIFY_NODE](node('b'), 2)).toBe('reified');
    expect(one.calls).toEqual([
      ['buildIdealTree', { a: 1 }, 2],
      ['rebuild', { b: 1 }, 2],
      ['reifyNode', node('b'), 2],
    ]);
  });

  test('the nodes of its tree say whose identity is expected', async () => {
    await new Arborist().buildIdealTree();
    expect(guard.identities.expected(asks('a'))).toEqual([{ name: 'real', version: '1.0.0' }]);
    expect(guard.identities.expected(asks('b'))).toEqual([]);
  });

  test('so do nodes that come later', () => {
    const one = new Arborist();
    one[REIFY_NODE](node('b'));
    expect(guard.identities.expected(asks('b'))).toEqual([{ name: 'real', version: '1.0.0' }]);
    for (const strange of [undefined, null, 'text'])
      expect(one[REIFY_NODE](strange)).toBe('reified');
  });

  test('a tree without an inventory is a tree', async () => {
    const one = new Arborist();
    one.tree = {};
    await expect(one.buildIdealTree()).resolves.toBe(one.tree);
  });
});

describe('after a refusal', () => {
  test('no tree is had, though it was built, so that its nodes are known', async () => {
    const refusal = swallowed();
    const one = new Arborist();
    await expect(one.buildIdealTree()).rejects.toBe(refusal);
    expect(one.calls).toEqual([['buildIdealTree']]);
    expect(guard.identities.expected(asks('a'))).toHaveLength(1);
  });

  test('nothing is rebuilt: no script runs', async () => {
    const refusal = swallowed();
    const one = new Arborist();
    await expect(one.rebuild()).rejects.toBe(refusal);
    expect(one.calls).toEqual([]);
  });
});

describe('the interceptions', () => {
  test('guards a copy once', () => {
    const { buildIdealTree, rebuild } = Arborist.prototype;
    guardArborist(Arborist);
    expect(Arborist.prototype.buildIdealTree).toBe(buildIdealTree);
    expect(Arborist.prototype.rebuild).toBe(rebuild);
  });

  test('guards one that does not name what it does for each node', async () => {
    const Other = arborist();
    Reflect.deleteProperty(Other.prototype, REIFY_NODE);
    guardArborist(Other);
    expect(REIFY_NODE in Other.prototype).toBe(false);
    const refusal = swallowed();
    await expect(new Other().rebuild()).rejects.toBe(refusal);
  });

  test.each(['buildIdealTree', 'rebuild', 'reify'])('stops an npm without %s', (name) => {
    const Other = arborist();
    Reflect.deleteProperty(Other.prototype, name);
    expect(() => guardArborist(Other)).toThrow(`it has no method ${name}`);
  });

  test.each([undefined, {}, { prototype: undefined }])('stops an npm without any, %o', (none) => {
    expect(() => guardArborist(none)).toThrow('it has no method buildIdealTree');
  });
});

describe('a link out of the project', () => {
  const link = { name: 'node_modules', problem: 'a link', remedy: 'remove it' };
  const refused = 'nothing is installed: a link\nwhat to do: remove it';
  const tree = { path: '/project' };
  const project = (options?: object) => {
    return Object.assign(new Arborist(), { tree, actualTree: tree, options });
  };

  test.each([undefined, {}, { global: false, dryRun: false, packageLockOnly: false }])(
    'stops it before anything is written, with options %o',
    async (options) => {
      fakes.link = link;
      await expect(project(options).buildIdealTree()).rejects.toThrow(refused);
      const one = project(options);
      await expect(one.rebuild()).rejects.toThrow(refused);
      expect(one.calls).toEqual([]);
    },
  );

  test.each(['global', 'dryRun'])(
    'is let be where nothing is written into the project: %s',
    async (name) => {
      fakes.link = link;
      await expect(project({ [name]: true }).buildIdealTree()).resolves.toBe(tree);
      await expect(project({ [name]: true }).rebuild()).resolves.toBe('rebuilt');
    },
  );

  test('is looked for in the tree, where there is one', async () => {
    fakes.link = link;
    const one = project();
    Reflect.deleteProperty(one, 'actualTree');
    await expect(one.rebuild()).resolves.toBe('rebuilt');
    fakes.link = undefined;
    await expect(project().buildIdealTree()).resolves.toBe(tree);
  });
});

describe('what lockfiles say', () => {
  test('is looked at by name and version for each node of the tree', async () => {
    const refusal = new Error('climbs');
    const one = new Arborist();
    await one.buildIdealTree();
    expect(checks.checkNames.mock.calls).toEqual([[node('a'), guard]]);
    checks.checkNames.mockRejectedValue(refusal);
    await expect(one.buildIdealTree()).rejects.toBe(refusal);
  });

  test("is looked at where a package brings its own, by that package's node", async () => {
    const one = new Arborist();
    const root = node('carrier');
    expect(await one.loadVirtual({ root }, 2)).toBe(one.tree);
    expect(one.calls).toEqual([['loadVirtual', { root }, 2]]);
    expect(await one.loadVirtual()).toBe(one.tree);
    expect(checks.checkShrinkwrap.mock.calls).toEqual([
      [root, guard],
      [undefined, guard],
    ]);
    const refusal = new Error('climbs');
    checks.checkShrinkwrap.mockRejectedValue(refusal);
    await expect(one.loadVirtual({ root })).rejects.toBe(refusal);
  });

  test('is not asked of an npm that does not read them so', () => {
    const Other = arborist();
    Reflect.deleteProperty(Other.prototype, 'loadVirtual');
    guardArborist(Other);
    expect('loadVirtual' in Other.prototype).toBe(false);
  });
});
