import type { TreeNode } from './identity.ts';
import type { ProjectTree } from './links-out.ts';
import type { NpmGuard } from './npm-guard.ts';
import { refuse } from './refuse.ts';
import { checkNames, checkShrinkwrap } from './shrinkwraps.ts';

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

type Tree = ProjectTree & { readonly inventory?: { values(): Iterable<TreeNode> } };

/** An Arborist, as far as it is used here. */
interface Caller {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly actualTree?: ProjectTree;
}

/**
 * npm takes the failure of an optional dependency for no failure. Arborist fetches manifests while it builds
 * the ideal tree and unpacks before it rebuilds (bin links, lifecycle scripts), so a refusal is thrown again
 * at the end of the one and at the start of the other: npm then rolls back what it unpacked.
 */
export function guardArborist(Arborist: unknown, file: string, guard: NpmGuard): void {
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
    for (const node of (tree as Tree).inventory?.values() ?? []) {
      guard.identities.note(node);
      await checkNames(node, guard);
    }
    guard.refusals.rethrow();
    await checkLinks(this as Caller, tree as Tree, guard);
    return tree;
  };

  const { loadVirtual } = prototype;
  if (typeof loadVirtual === 'function') {
    prototype.loadVirtual = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
      const tree = await Reflect.apply(loadVirtual, this, args);
      await checkShrinkwrap((args[0] as { root?: object } | undefined)?.root, guard);
      return tree;
    };
  }

  prototype.rebuild = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
    guard.refusals.rethrow();
    await checkLinks(this as Caller, (this as Caller).actualTree, guard);
    return Reflect.apply(rebuild, this, args);
  };

  const reifyNode = prototype[REIFY_NODE];
  if (typeof reifyNode !== 'function') return;
  prototype[REIFY_NODE] = function (this: unknown, ...args: unknown[]): unknown {
    // Nodes that came after the ideal tree: shrinkwraps, and the flat tree of the linked strategy.
    const [node] = args;
    if (typeof node === 'object' && node !== null) guard.identities.note(node);
    return Reflect.apply(reifyNode, this, args);
  };
}

/** Before anything is written, or is removed by `npm ci`. What is global is nobody's repository. */
async function checkLinks(
  { options = {} }: Caller,
  tree: ProjectTree | undefined,
  guard: NpmGuard,
): Promise<void> {
  const writes = ['global', 'dryRun', 'packageLockOnly'].every((name) => options[name] !== true);
  if (tree === undefined || !writes) return;
  const { linkOut } = await import('./links-out.ts').catch((cause: unknown) => {
    throw guard.unable(cause);
  });
  const link = linkOut(tree);
  if (link !== undefined) throw guard.refuseProject(link.name, link.problem, link.remedy);
}
