import type { Subject } from '@tarwarden/host';
import type { TreeNode } from './identity.ts';
import type { NpmGuard } from './npm-guard.ts';

/** A node of Arborist's tree whose package brings a lockfile of its own, as far as it is used here. */
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
 * Refuses a package whose own lockfile places anything outside the package. npm 10 reads npm-shrinkwrap.json, and
 * package-lock.json where the registry says that the package has a lockfile; what it then links, replaces and makes
 * executable is not looked at again. Called with the tree that npm made of it, before anything is on disk.
 */
export async function checkShrinkwrap(
  carrier: Carrier | undefined,
  guard: Pick<NpmGuard, 'uninspected'>,
): Promise<void> {
  // The project's own lockfile may name folders beside the project, as `file:` dependencies do.
  if (carrier === undefined || carrier.isRoot !== false) return;
  const { lockfileEscape } = await import('./inspector.ts');
  const first = lockfileEscape(carrier.meta?.data);
  if (first === undefined) return;
  const why = `its own lockfile names places outside the package: ${first}`;
  throw await guard.uninspected(nodeSubject(carrier), why, 'Do not install it.');
}

/**
 * Refuses a package whose name or version climbs out of a folder. npm's linked strategy joins both to a path, and believes
 * a lockfile of what it does not fetch from a registry.
 */
export async function checkNames(
  node: TreeNode,
  guard: Pick<NpmGuard, 'uninspected'>,
): Promise<void> {
  // The project's own name and version, and those of its folders, are joined to nothing.
  if (node.isLink === true || text(node.resolved) === undefined) return;
  const version = text(node.version);
  for (const part of [text(node.packageName), version]) {
    // Other texts cannot climb, so the core need not be loaded.
    if (part === undefined || !/\.\.|\\/.test(part)) continue;
    const { climbs } = await import('./inspector.ts');
    const why = climbs(part);
    if (why === undefined) continue;
    const what = part === version ? 'version' : 'name';
    const wrong = `a lockfile gives it a ${what} that is not a ${what}: ${why}`;
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
