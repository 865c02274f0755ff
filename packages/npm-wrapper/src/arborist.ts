import { createRequire } from 'node:module';
import { interception, type Interception } from '@tarwarden/guard/run';
import type { LoadedModule } from './npm-copies.ts';
import type { TreeNode } from './identity.ts';
import type { DependencyTree, ParseSpec } from './local-dependencies.ts';
import type { ProjectTree } from './links-out.ts';
import type { NpmGuard } from './npm-guard.ts';
import { checkNames, checkShrinkwrap, nodeSubject } from './shrinkwraps.ts';

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Wrap = (original: Method) => Method;

/** Arborist calls this method for each package right before it fetches it. It has a symbol as its name so that it can be wrapped. */
const REIFY_NODE: unique symbol = Symbol.for('reifyNode');

type ArboristPrototype = Record<
  'buildIdealTree' | 'rebuild' | 'reify' | 'loadVirtual' | typeof REIFY_NODE,
  Method
>;

type Tree = ProjectTree & { readonly inventory?: { values(): Iterable<TreeNode> } };

interface Caller {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly actualTree?: ProjectTree;
}

/**
 * npm ignores an error about an optional dependency. Arborist fetches manifests while it builds the ideal tree, and unpacks before it
 * rebuilds (bin links, lifecycle scripts). So the guard throws each refusal again when the ideal tree is built and before the rebuild.
 * npm then removes the packages that it unpacked.
 */
export function arboristInterceptions(
  { exports }: LoadedModule,
  guard: NpmGuard,
  file: string,
): Interception[] {
  const { prototype, Shrinkwrap } = (exports ?? {}) as {
    prototype?: ArboristPrototype;
    Shrinkwrap?: { prototype?: { save: Method } };
  };
  /** The Arborists that checked for links before they wrote anything. Later, npm itself has moved the user's links aside. */
  const lookedForLinks = new WeakSet<object>();

  const guardBuild: Wrap = (buildIdealTree) =>
    async function (...args) {
      const tree = (await Reflect.apply(buildIdealTree, this, args)) as Tree;
      for (const node of tree.inventory?.values() ?? []) {
        guard.identities.note(node);
        await checkNames(node, guard);
      }
      guard.refusals.rethrow();
      await checkLocalDependencies(tree, guard, file);
      await checkLinks(this as Caller, tree, guard);
      lookedForLinks.add(this as object);
      return tree;
    };

  const guardVirtual: Wrap = (loadVirtual) =>
    async function (...args) {
      const tree = (await Reflect.apply(loadVirtual, this, args)) as Tree;
      const { root } = (args[0] as { root?: { isRoot?: unknown } } | undefined) ?? {};
      await checkShrinkwrap(root, guard);
      return tree;
    };

  /** `npm shrinkwrap` writes a lockfile without building a tree. */
  const guardSave: Wrap = (save) =>
    async function (...args) {
      await refuseLinks({ path: (this as ProjectTree).path }, guard);
      return Reflect.apply(save, this, args);
    };

  const guardRebuild: Wrap = (rebuild) =>
    async function (...args) {
      guard.refusals.rethrow();
      const caller = this as Caller;
      if (!lookedForLinks.has(caller)) await checkLinks(caller, caller.actualTree, guard);
      return Reflect.apply(rebuild, this, args);
    };

  const guardNode: Wrap = (reifyNode) =>
    function (...args) {
      // Some nodes are not in the ideal tree: those from shrinkwraps, and the flat tree of the linked strategy.
      const [node] = args;
      if (typeof node === 'object' && node !== null) {
        guard.identities.note(node);
      }
      return Reflect.apply(reifyNode, this, args);
    };

  return [
    interception(prototype, 'buildIdealTree', guardBuild),
    interception(prototype, 'rebuild', guardRebuild),
    interception(prototype, 'reify'),
    interception(prototype, 'loadVirtual', guardVirtual, { optional: true }),
    interception(Shrinkwrap?.prototype, 'save', guardSave, { optional: true }),
    interception(prototype, REIFY_NODE, guardNode, { optional: true }),
  ];
}

/** Refuses a published package that depends on a folder or file of this machine, before npm links to it or copies it. */
async function checkLocalDependencies(
  tree: Tree | undefined,
  guard: NpmGuard,
  file: string,
): Promise<void> {
  if (tree?.inventory === undefined || !('edgesOut' in tree)) return;
  const { locallyDependent } = await loadChecks(guard);
  const dependent = locallyDependent(tree as DependencyTree, {
    parse: parserOf(file),
    fetchedRoot: guard.isInFetched(),
  });
  if (dependent === undefined) return;
  const { why, remedy } = dependent.problem;
  throw await guard.uninspected(nodeSubject(dependent.node), why, remedy);
}

/** The parser of specifiers that this npm uses. */
function parserOf(file: string): ParseSpec {
  const npa = createRequire(file)('npm-package-arg') as { resolve: ParseSpec };
  return npa.resolve;
}

async function loadChecks(guard: NpmGuard): Promise<typeof import('./links-out.ts')> {
  return import('./links-out.ts').catch((cause: unknown) => {
    throw guard.unable(cause);
  });
}

/** Refuses links out of the project before npm writes or removes a file. A global install has no project. */
async function checkLinks(
  { options = {} }: Caller,
  tree: ProjectTree | undefined,
  guard: NpmGuard,
): Promise<void> {
  const writes = ['global', 'dryRun'].every((name) => options[name] !== true);
  if (tree === undefined || !writes) return;
  await refuseLinks(tree, guard);
}

async function refuseLinks(tree: ProjectTree, guard: NpmGuard): Promise<void> {
  const { linkOut } = await loadChecks(guard);
  const link = linkOut(tree);
  if (link !== undefined) throw guard.refuseProject(link.name, link.problem, link.remedy);
}
