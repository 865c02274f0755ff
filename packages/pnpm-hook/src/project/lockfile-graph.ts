/*
 * The graph of dependencies in a lockfile. A package is optional if only optional dependencies lead to it from each project. The lockfile's
 * own claim about that does not count.
 */
import type { PnpmLockfile, LockfileEdges } from '../pnpm-shapes.ts';

type Edges = Readonly<Record<string, unknown>> | undefined;

export class LockfileGraph {
  readonly #nodes: Readonly<Record<string, LockfileEdges>>;
  readonly #required = new Set<string>();
  readonly #reached = new Set<string>();

  constructor({ importers = {}, packages = {}, snapshots = {} }: PnpmLockfile) {
    // A name such as `__proto__` must be a key like others.
    this.#nodes = Object.assign(Object.create(null), packages, snapshots) as Record<
      string,
      LockfileEdges
    >;
    const projects = Object.values(importers);
    this.#walk(this.#required, false, projects);
    this.#walk(this.#reached, true, projects);
  }

  /** Whether only optional dependencies lead to the package with this key. False if nothing leads to it. */
  isOptional(key: string): boolean {
    return this.#reached.has(key) && !this.#required.has(key);
  }

  #walk(visited: Set<string>, optional: boolean, roots: readonly LockfileEdges[]): void {
    const waiting = [...roots];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const { dependencies, devDependencies, optionalDependencies } = node;
      const optionalEdges = optional ? optionalDependencies : undefined;
      for (const edges of [dependencies, devDependencies, optionalEdges]) {
        for (const key of this.#targets(edges)) {
          if (visited.has(key)) continue;
          visited.add(key);
          const target = this.#nodes[key];
          if (target !== undefined) waiting.push(target);
        }
      }
    }
  }

  /** Every key that an edge may mean. One key too many costs only a download. */
  *#targets(edges: Edges): Generator<string> {
    for (const [alias, value] of Object.entries(edges ?? {})) {
      const reference =
        typeof value === 'object' && value !== null
          ? (value as { version?: unknown }).version
          : value;
      if (typeof reference !== 'string') continue;
      for (const full of [reference, `${alias}@${reference}`]) {
        yield full;
        yield bareKey(full);
      }
    }
  }
}

/** A lockfile's key without its peers and patch: `a@1.0.0(b@2.0.0)` is `a@1.0.0`. */
export function bareKey(key: string): string {
  const end = key.indexOf('(');
  return end === -1 ? key : key.slice(0, end);
}
