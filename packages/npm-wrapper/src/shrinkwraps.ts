import type { TreeNode } from './identity.ts';
import { cannotJudge } from './judging.ts';
import type { Refusal } from './refusal.ts';

/** A node of Arborist's tree whose package brings a lockfile of its own, as far as it is used here. */
interface Carrier {
  readonly isRoot?: unknown;
  readonly name?: unknown;
  readonly version?: unknown;
  readonly resolved?: unknown;
  readonly meta?: { readonly data?: unknown };
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/**
 * Refuses a package whose own lockfile places anything outside the package. npm 10 reads npm-shrinkwrap.json, and
 * package-lock.json where the registry says that the package has a lockfile; what it then links, replaces and makes
 * executable is not looked at again. Called with the tree that npm made of it, before anything is on disk.
 */
export async function checkShrinkwrap(carrier: Carrier | undefined): Promise<void> {
  // The project's own lockfile may name folders beside the project, as `file:` dependencies do.
  if (carrier === undefined || carrier.isRoot !== false) return;
  const { lockfileEscape } = await import('./inspector.ts');
  const first = lockfileEscape(carrier.meta?.data);
  if (first === undefined) return;
  throw await refusal(carrier, `its own lockfile names places outside the package: ${first}`);
}

/**
 * Refuses a package whose name or version climbs out of a folder. npm's linked strategy joins both to a path, and believes
 * a lockfile of what it does not fetch from a registry.
 */
export async function checkNames(node: TreeNode): Promise<void> {
  // The project's own name and version, and those of its folders, are joined to nothing.
  if (node.isLink === true || text(node.resolved) === undefined) return;
  const version = text(node.version);
  for (const one of [text(node.packageName), version]) {
    // No other can climb, and the core need not be loaded for it.
    if (one === undefined || !/\.\.|\\/.test(one)) continue;
    const { climbs } = await import('./inspector.ts');
    const why = climbs(one);
    if (why === undefined) continue;
    const what = one === version ? 'version' : 'name';
    throw await refusal(node, `a lockfile gives it a ${what} that is no ${what}: ${why}`);
  }
}

function refusal(of: Carrier | TreeNode, why: string): Promise<Refusal> {
  const name = text(of.name) ?? 'a package';
  const version = text(of.version);
  const label = version === undefined ? name : `${name}@${version}`;
  return cannotJudge({ label, source: text(of.resolved), expected: [] }, why);
}
