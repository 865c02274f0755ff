/** The gates in Arborist: a refusal that npm swallowed for an optional dependency is thrown again. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { guardArborist } from '../../../packages/npm-wrapper/src/arborist.ts';
import { Identities } from '../../../packages/npm-wrapper/src/identity.ts';

const fakes = vi.hoisted(() => ({ refusal: undefined as Error | undefined }));
vi.mock('../../../packages/npm-wrapper/src/judging.ts', () => ({
  rethrow(): void {
    if (fakes.refusal) throw fakes.refusal;
  },
}));
vi.mock('../../../packages/npm-wrapper/src/refuse.ts', () => ({
  refuse(reason: string): never {
    throw new Error(`refused to run: ${reason}`);
  },
}));

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

    async buildIdealTree(...args: unknown[]): Promise<unknown> {
      this.calls.push(['buildIdealTree', ...args]);
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

let identities: Identities;
let Arborist: ReturnType<typeof arborist>;
beforeEach(() => {
  fakes.refusal = undefined;
  identities = new Identities();
  Arborist = arborist();
  guardArborist(Arborist, '/npm/arborist.js', identities);
});

/** A refusal that npm keeps to itself. */
function swallowed(): Error {
  return (fakes.refusal = new Error('refused'));
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
    expect(identities.expected(asks('a'))).toEqual([{ name: 'real', version: '1.0.0' }]);
    expect(identities.expected(asks('b'))).toEqual([]);
  });

  test('so do nodes that come later', () => {
    const one = new Arborist();
    one[REIFY_NODE](node('b'));
    expect(identities.expected(asks('b'))).toEqual([{ name: 'real', version: '1.0.0' }]);
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
    expect(identities.expected(asks('a'))).toHaveLength(1);
  });

  test('nothing is rebuilt: no script runs', async () => {
    const refusal = swallowed();
    const one = new Arborist();
    await expect(one.rebuild()).rejects.toBe(refusal);
    expect(one.calls).toEqual([]);
  });
});

describe('guardArborist', () => {
  test('guards a copy once', () => {
    const { buildIdealTree, rebuild } = Arborist.prototype;
    guardArborist(Arborist, '/npm/arborist.js', identities);
    expect(Arborist.prototype.buildIdealTree).toBe(buildIdealTree);
    expect(Arborist.prototype.rebuild).toBe(rebuild);
  });

  test('guards one that does not name what it does for each node', async () => {
    const Other = arborist();
    Reflect.deleteProperty(Other.prototype, REIFY_NODE);
    guardArborist(Other, '/npm/arborist.js', identities);
    expect(REIFY_NODE in Other.prototype).toBe(false);
    const refusal = swallowed();
    await expect(new Other().rebuild()).rejects.toBe(refusal);
  });

  test.each(['buildIdealTree', 'rebuild', 'reify'])('stops an npm without %s', (name) => {
    const Other = arborist();
    Reflect.deleteProperty(Other.prototype, name);
    expect(() => guardArborist(Other, '/npm/arborist.js', identities)).toThrow(
      'refused to run: @npmcli/arborist at /npm/arborist.js is not supported',
    );
  });

  test.each([undefined, {}, { prototype: undefined }])('stops an npm without any, %o', (none) => {
    expect(() => guardArborist(none, '/npm/arborist.js', identities)).toThrow(
      'refused to run: @npmcli/arborist at /npm/arborist.js is not supported',
    );
  });
});
