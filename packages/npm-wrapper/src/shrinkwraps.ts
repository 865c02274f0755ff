import { cannotJudge } from './judging.ts';

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
  const name = text(carrier.name) ?? 'a package';
  const version = text(carrier.version);
  throw await cannotJudge(
    {
      label: version === undefined ? name : `${name}@${version}`,
      source: text(carrier.resolved),
      expected: [],
    },
    `its own lockfile names places outside the package: ${first}`,
  );
}
