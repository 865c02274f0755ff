import type { Identities, TreeNode } from './identity.ts';
import { rethrow } from './judging.ts';
import { refuse } from './refuse.ts';
import { checkShrinkwrap } from './shrinkwraps.ts';

type Method = (this: unknown, ...args: unknown[]) => unknown;

const guarded = new WeakSet<object>();

/** Called for each package right before it is fetched; Arborist names it so that it can be wrapped. */
const REIFY_NODE = Symbol.for('reifyNode');

interface ArboristPrototype {
  buildIdealTree?: Method;
  rebuild?: Method;
  loadVirtual?: Method;
  reify?: Method;
  [key: symbol]: Method | undefined;
}

interface Tree {
  readonly inventory?: { values(): Iterable<TreeNode> };
}

/**
 * npm takes the failure of an optional dependency for no failure. Arborist fetches manifests while it builds
 * the ideal tree and unpacks before it rebuilds (bin links, lifecycle scripts), so a refusal is thrown again
 * at the end of the one and at the start of the other: npm then rolls back what it unpacked.
 */
export function guardArborist(Arborist: unknown, file: string, identities: Identities): void {
  const prototype = (Arborist as { prototype?: ArboristPrototype } | undefined)?.prototype;
  const buildIdealTree = prototype?.buildIdealTree;
  const rebuild = prototype?.rebuild;
  if (
    prototype === undefined ||
    typeof buildIdealTree !== 'function' ||
    typeof rebuild !== 'function' ||
    typeof prototype.reify !== 'function'
  ) {
    refuse(`@npmcli/arborist at ${file} is not supported`);
  }
  if (guarded.has(prototype)) return;
  guarded.add(prototype);

  prototype.buildIdealTree = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
    const tree = await Reflect.apply(buildIdealTree, this, args);
    for (const node of (tree as Tree).inventory?.values() ?? []) identities.note(node);
    rethrow();
    return tree;
  };

  const { loadVirtual } = prototype;
  if (typeof loadVirtual === 'function') {
    prototype.loadVirtual = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
      const tree = await Reflect.apply(loadVirtual, this, args);
      await checkShrinkwrap((args[0] as { root?: object } | undefined)?.root);
      return tree;
    };
  }

  prototype.rebuild = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
    rethrow();
    return Reflect.apply(rebuild, this, args);
  };

  const reifyNode = prototype[REIFY_NODE];
  if (typeof reifyNode !== 'function') return;
  prototype[REIFY_NODE] = function (this: unknown, ...args: unknown[]): unknown {
    // Nodes that came after the ideal tree: shrinkwraps, and the flat tree of the linked strategy.
    const [node] = args;
    if (typeof node === 'object' && node !== null) identities.note(node);
    return Reflect.apply(reifyNode, this, args);
  };
}
