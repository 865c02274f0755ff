/* Chooses the registry that a request is for: by the host that the client names, then by the longest path. */
import type { IncomingMessage } from 'node:http';

export interface Route<Target> {
  /** Lower-case name of a host; undefined: every host that has no route of its own. */
  readonly host?: string | undefined;
  /** Starts and ends with a slash. */
  readonly path: string;
  readonly target: Target;
}

export interface Chosen<Target> {
  readonly target: Target;
  /** The target of the request below the path of the route, with a slash at its start. */
  readonly below: string;
}

export class Routes<Target> {
  /** By host; `''` for every other one. Longer paths come first. */
  readonly #byHost = new Map<string, readonly Route<Target>[]>();

  constructor(routes: readonly Route<Target>[]) {
    const longestFirst = routes.toSorted((before, after) => after.path.length - before.path.length);
    for (const route of longestFirst) {
      const { host = '' } = route;
      this.#byHost.set(host, [...(this.#byHost.get(host) ?? []), route]);
    }
  }

  get targets(): readonly Target[] {
    return [...this.#byHost.values()].flatMap((routes) => routes.map(({ target }) => target));
  }

  /**
   * Compares the target as the client has sent it. A target in another spelling (an absolute address, doubled slashes, encoded
   * characters) is not normalised: it belongs to a shorter path or to no route, and each registry parses what is below its own path.
   */
  choose({ url = '/', headers, rawHeaders }: Received): Chosen<Target> | undefined {
    const routes = this.#routesFor(headers.host, rawHeaders);
    const route = routes?.find(({ path }) => url.startsWith(path));
    return route && { target: route.target, below: url.slice(route.path.length - 1) };
  }

  #routesFor(
    host: string | undefined,
    rawHeaders: readonly string[],
  ): readonly Route<Target>[] | undefined {
    const others = this.#byHost.get('');
    if (others !== undefined && this.#byHost.size === 1) return others;
    // Node uses the first of two hosts. A proxy in front may have looked at the second one.
    const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && /^host$/i.test(name));
    if (hosts.length > 1) return undefined;
    return this.#byHost.get(hostName(host)) ?? others;
  }
}

type Received = Pick<IncomingMessage, 'url' | 'headers' | 'rawHeaders'>;

/** The name in a `host` header: in lower case, without a port and without a dot at its end. */
function hostName(host = ''): string {
  return /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(host.toLowerCase())?.[1]?.replace(/\.$/, '') ?? '';
}
