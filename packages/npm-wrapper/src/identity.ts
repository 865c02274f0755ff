/**
 * Finds out which package npm requested from a registry. npm extracts by `<folder>@<url>`, so pacote knows only the URL and the folder
 * name, which an alias chooses. The tree that npm built before has the real name and version.
 */
export interface PromisedIdentity {
  readonly name?: string;
  readonly version?: string;
}

/** The fields of a node of Arborist's tree that are used here. */
export interface TreeNode {
  readonly name?: unknown;
  readonly packageName?: unknown;
  readonly version?: unknown;
  readonly resolved?: unknown;
  readonly integrity?: unknown;
  readonly isLink?: unknown;
  readonly isRegistryDependency?: unknown;
  readonly edgesIn?: unknown;
  /** The registry's document or the lockfile's entry, until npm has unpacked the package. */
  readonly package?: unknown;
}

/** Matches specs that always name a registry's package. Most specs are like these. */
const PLAIN_SPEC = /^[\^~]?\d+\.\d+\.\d+$/;

/** Whether every dependency on a node names a package of a registry. */
function isOfRegistry(node: TreeNode): boolean {
  // `isRegistryDependency` parses every spec, which takes almost 0.1 ms for each node. So check the plain ones here.
  const edges = node.edgesIn instanceof Set ? ([...node.edgesIn] as { spec?: unknown }[]) : [];
  const isPlain = ({ spec }: { spec?: unknown }): boolean =>
    typeof spec === 'string' && PLAIN_SPEC.test(spec);
  return (edges.length > 0 && edges.every(isPlain)) || node.isRegistryDependency === true;
}

/** The fields of a pacote fetcher that are used here. */
export interface FetcherFacts {
  readonly type?: unknown;
  readonly spec?: {
    readonly name?: unknown;
    readonly type?: unknown;
    readonly fetchSpec?: unknown;
    readonly rawSpec?: unknown;
    readonly raw?: unknown;
  };
  readonly package?: { readonly name?: unknown; readonly version?: unknown } | null;
  readonly opts?: Readonly<Record<string, unknown>>;
  readonly resolved?: unknown;
  readonly from?: unknown;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

function originOf(url: string): string {
  return /^https?:\/\/[^/]+/i.exec(url)?.[0].toLowerCase() ?? '';
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function identity(name: string | undefined, version: string | undefined): PromisedIdentity {
  return {
    ...(name !== undefined && { name }),
    ...(version !== undefined && { version }),
  };
}

function nodeIdentity({ name, packageName, version }: TreeNode): PromisedIdentity {
  return identity(text(packageName) ?? text(name), text(version));
}

/** The identities that the trees of this process promise for registry packages, by folder name and URL. */
export class Identities {
  readonly #byFolderAndUrl = new Map<string, Map<string, PromisedIdentity>>();
  /** The documents that npm used, by folder name and URL. A node may have one from the registry and one from the lockfile. */
  readonly #documents = new Map<string, Set<object>>();
  /** The registries that say of some package that it has install scripts, so that silence means that there are none. */
  readonly #tellingRegistries = new Set<string>();
  /** The URL and name of each node when it was noted. */
  readonly #notedNodes = new WeakMap<TreeNode, string>();

  /** Notes a node that npm may fetch from a registry; git, file and URL dependencies promise no identity. */
  note(node: TreeNode): void {
    const name = text(node.name);
    const resolved = text(node.resolved);
    if (node.isLink === true || name === undefined || resolved === undefined) return;
    const promised = nodeIdentity(node);
    const key = `${name}\n${resolved}`;
    const nodeState = `${key}\n${promised.name}@${promised.version}`;
    if (this.#notedNodes.get(node) === nodeState || !isOfRegistry(node)) return;
    this.#notedNodes.set(node, nodeState);
    const document = node.package;
    if (isObject(document)) {
      this.#documents.set(key, (this.#documents.get(key) ?? new Set()).add(document));
      if (Object.hasOwn(document, 'hasInstallScript'))
        this.#tellingRegistries.add(originOf(resolved));
    }
    const identities = this.#byFolderAndUrl.get(key) ?? new Map<string, PromisedIdentity>();
    identities.set(`${promised.name}@${promised.version}`, promised);
    this.#byFolderAndUrl.set(key, identities);
  }

  /**
   * The identities that a fetcher's package must have. There are several only if a lockfile contradicts itself. Then no package has all
   * of them, and it is refused. An empty list means that no identity was promised.
   */
  expected(fetcher: FetcherFacts): readonly PromisedIdentity[] {
    if (fetcher.type === 'RegistryFetcher') return [registryIdentity(fetcher)];
    return this.#identitiesAt(fetcher.spec?.name, fetcher.opts?.['resolved']);
  }

  /** Whether the registry of a fetcher's package says which packages have install scripts. */
  tellsScripts({ resolved, opts }: FetcherFacts): boolean {
    return this.#tellingRegistries.has(originOf(text(resolved) ?? text(opts?.['resolved']) ?? ''));
  }

  /** The words of the registry or the lockfile about a fetcher's package, as npm used them. */
  documents(fetcher: FetcherFacts): readonly object[] {
    if (fetcher.type === 'RegistryFetcher')
      return isObject(fetcher.package) ? [fetcher.package] : [];
    const [name, resolved] = [text(fetcher.spec?.name), text(fetcher.opts?.['resolved'])];
    return [...(this.#documents.get(`${name}\n${resolved}`) ?? [])];
  }

  #identitiesAt(folder: unknown, url: unknown): readonly PromisedIdentity[] {
    const [name, resolved] = [text(folder), text(url)];
    if (name === undefined || resolved === undefined) return [];
    return [...(this.#byFolderAndUrl.get(`${name}\n${resolved}`)?.values() ?? [])];
  }
}

/** A RegistryFetcher has the real name, also for an alias. It has the version after it has read the packument. */
function registryIdentity({ spec, package: manifest }: FetcherFacts): PromisedIdentity {
  const requestedVersion = spec?.type === 'version' ? text(spec.fetchSpec) : undefined;
  return identity(text(spec?.name), text(manifest?.version) ?? requestedVersion);
}

/** `name@version`, or the name alone; undefined if nothing was promised. Escape before printing. */
export function promisedLabel(expected: PromisedIdentity | undefined): string | undefined {
  const { name, version } = expected ?? {};
  return name === undefined || version === undefined ? name : `${name}@${version}`;
}

/** The source of a tarball. It may contain credentials: mask it before printing. */
export function fetcherSource(fetcher: FetcherFacts): string | undefined {
  return text(fetcher.resolved) ?? text(fetcher.from) ?? text(fetcher.spec?.raw);
}
