import type { Subject } from '@tarwarden/guard';
import type { TreeNode } from './identity.ts';
import type { NpmGuard } from './npm-guard.ts';

/** The fields that are used here of a node whose package has its own lockfile. */
interface Carrier {
  readonly isRoot?: unknown;
  readonly name?: unknown;
  readonly version?: unknown;
  readonly resolved?: unknown;
  readonly meta?: { readonly data?: unknown };
}

const REMEDY = 'Find out who wrote that into the lockfile; no registry has such a package.';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/**
 * Refuses a package with a lockfile of its own that names a place outside the package. npm 10 reads npm-shrinkwrap.json, and
 * package-lock.json if the registry says that the package has a lockfile. It does not check again what it links, replaces and makes
 * executable. Called with the tree that npm made from the lockfile, before anything is on the disk.
 */
export async function checkShrinkwrap(
  carrier: Carrier | undefined,
  guard: Pick<NpmGuard, 'uninspected'>,
): Promise<void> {
  // The project's own lockfile may name folders beside the project, as `file:` dependencies do.
  if (carrier === undefined || carrier.isRoot !== false) return;
  const { placesOutside } = await import('./inspector.ts');
  const [first] = placesOutside(carrier.meta?.data);
  if (first === undefined) return;
  const why = `its own lockfile names places outside the package: ${first}`;
  throw await guard.uninspected(nodeSubject(carrier), why, 'Do not install it.');
}

/**
 * Refuses a package with a name or version that leads out of a folder. npm's linked strategy makes a path from both, and takes them
 * from a lockfile if the package is not from a registry.
 */
export async function checkNames(
  node: TreeNode,
  guard: Pick<NpmGuard, 'uninspected'>,
): Promise<void> {
  // npm makes no path from the name and version of the project and its folders.
  if (node.isLink === true || text(node.resolved) === undefined) return;
  const version = text(node.version);
  for (const part of [text(node.packageName), version]) {
    // Other texts cannot lead out of a folder, so do not load the core for them.
    if (part === undefined || !/\.\.|\\/.test(part)) continue;
    const { unsafeName } = await import('./inspector.ts');
    const why = unsafeName(part);
    if (why === undefined) continue;
    const field = part === version ? 'version' : 'name';
    const wrong = `a lockfile gives it a ${field} that is not a ${field}: ${why}`;
    throw await guard.uninspected(nodeSubject(node), wrong, REMEDY);
  }
}

/** The name of a node's package in a refusal. */
export function nodeSubject(node: Carrier | TreeNode): Subject {
  const name = text(node.name) ?? 'a package';
  const version = text(node.version);
  const label = version === undefined ? name : `${name}@${version}`;
  return { label, source: text(node.resolved) };
}
