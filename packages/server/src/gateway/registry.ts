/* A configured registry: the way to it, and the face for its clients. All registries of a server share the gate and its limits. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ecosystem } from '@tarwarden/core';
import type { DocumentCache } from './cache/document-cache.ts';
import { DocumentReader } from './cache/document-reader.ts';
import type { Face } from './face.ts';
import { GoFace } from './go/go-face.ts';
import { NpmFace, type NpmParts } from './npm-face.ts';
import { PypiFace } from './pypi/pypi-face.ts';
import { RubyGemsFace } from './rubygems/rubygems-face.ts';
import type { Outbound } from './outbound.ts';
import { ScopedNpmFace } from './scoped-face.ts';
import type { HealthCheck } from './health.ts';
import { Users } from './users.ts';
import { GatewayUpstream } from './upstream.ts';
import type { GatewayUpstreamOptions, UpstreamCredentials } from './upstream-options.ts';

/** The most connections to the registry for documents and archives, and for its API: at least as many as there are turns. */
const UPSTREAM_CONNECTIONS = { own: 384, api: 160 } as const;

export interface RegistryOptions {
  /** The name in the configuration, which the log shows. Default: the ecosystem. */
  readonly name?: string;
  /** The ecosystem of the clients; default: npm. */
  readonly ecosystem?: Ecosystem;
  /** Address of the registry behind it. */
  readonly upstream: URL;
  readonly allowedHosts?: readonly string[];
  /** For npm's clients: whether to leave known refused versions out of documents. */
  readonly hideRefused?: boolean;
  /** For npm's clients: scopes whose packages come from registries of their own. */
  readonly scopes?: readonly ScopeOptions[];
  /** Default: direct connections. */
  readonly outbound?: Outbound | undefined;
}

/** A scope that has a registry of its own. */
export interface ScopeOptions {
  /** In lower case, with its `@`. */
  readonly scope: string;
  readonly upstream: URL;
  readonly allowedHosts: readonly string[];
  readonly credentials: UpstreamCredentials;
}

/** The parts that a server gives to its registries. */
export interface SharedParts extends Omit<
  NpmParts,
  'upstream' | 'users' | 'reader' | 'hideRefused'
> {
  /** Undefined: no documents are kept. */
  readonly documents: DocumentCache | undefined;
  /** Called when copies are served because a registry gives no answer. */
  readonly onStale: (registry: string, reason: string) => void;
}

export class Registry {
  readonly name: string;
  readonly face: Face;
  /** The users of an npm registry. */
  readonly users: Users | undefined;
  readonly #upstreams: GatewayUpstream[] = [];
  #requests = 0;
  #isRetired = false;

  constructor(options: RegistryOptions, shared: SharedParts) {
    const { upstream: url, allowedHosts = [], hideRefused = false, outbound } = options;
    const { ecosystem = 'npm', name = ecosystem, scopes = [] } = options;
    this.name = name;
    const partsFor = (more: Omit<GatewayUpstreamOptions, 'connections'>): NpmParts => {
      const upstream = new GatewayUpstream({
        connections: UPSTREAM_CONNECTIONS,
        outbound,
        ...more,
      });
      this.#upstreams.push(upstream);
      const reader = new DocumentReader({
        cache: shared.documents,
        upstream,
        metrics: shared.open.metrics,
        onStale: (reason) => shared.onStale(name, reason),
      });
      const users = new Users(upstream);
      return { ...shared, upstream, reader, users, hideRefused };
    };
    const hosts = [...hostsBehind(ecosystem, url), ...allowedHosts];
    const parts = partsFor({ url, allowedHosts: hosts });
    this.users = ecosystem === 'npm' ? parts.users : undefined;
    const face = faceOf(ecosystem, parts);
    const scoped = scopes.map(({ scope, upstream, ...more }) => ({
      scope,
      face: new NpmFace(partsFor({ url: upstream, ...more })),
      isReadOnly: typeof more.credentials === 'object',
    }));
    this.face = scoped.length === 0 ? face : new ScopedNpmFace(face, scoped);
  }

  /** Whether its registries answer. */
  get checks(): readonly HealthCheck[] {
    return this.#upstreams.map((upstream) => ({
      name: `registry ${this.name}`,
      problem: () => upstream.problem(),
    }));
  }

  /** @throws GatewayAnswer, before anything was sent. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#requests += 1;
    try {
      await this.face.answer(request, response);
    } finally {
      this.#requests -= 1;
      if (this.#isRetired && this.#requests === 0) void this.#finish();
    }
  }

  /** Closes the registry after its last request. */
  retire(): void {
    this.#isRetired = true;
    if (this.#requests === 0) void this.#finish();
  }

  /** Clients of other registries may wait for its last downloads, which are shared. */
  async #finish(): Promise<void> {
    await Promise.allSettled(this.#upstreams.map((upstream) => upstream.close(false)));
    this.face.close?.();
  }

  async close(): Promise<void> {
    await Promise.all(this.#upstreams.map((upstream) => upstream.close()));
    this.face.close?.();
  }
}

/** The face for the clients of an ecosystem. */
function faceOf(ecosystem: Ecosystem, parts: NpmParts): Face {
  switch (ecosystem) {
    case 'npm':
      return new NpmFace(parts);
    case 'go':
      return new GoFace(parts);
    case 'pypi':
      return new PypiFace(parts);
    case 'rubygems':
      return new RubyGemsFace(parts);
  }
}

/** The hosts of files, by the host of the public index whose documents name them. */
const FILES_OF: ReadonlyMap<string, string> = new Map([
  ['pypi.org', 'files.pythonhosted.org'],
  ['test.pypi.org', 'test-files.pythonhosted.org'],
]);

/** Hosts that the documents of a registry may name, beside those that somebody allows. */
function hostsBehind(ecosystem: Ecosystem, { protocol, host }: URL): readonly string[] {
  const files = FILES_OF.get(host);
  return ecosystem === 'pypi' && protocol === 'https:' && files !== undefined ? [files] : [];
}
