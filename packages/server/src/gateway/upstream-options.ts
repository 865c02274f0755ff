/* The options of a way to a registry. */
import type { Outbound } from './outbound.ts';

export interface Connections {
  readonly own: number;
  readonly api: number;
}

export interface GatewayUpstreamOptions {
  /** Address of the registry. */
  readonly url: URL;
  /** Other hosts that its documents may name for tarballs. */
  readonly allowedHosts: readonly string[];
  /** The most connections: for documents and archives, and for its API. */
  readonly connections: Connections;
  /** Set for a registry on this machine, behind a socket instead of a host. */
  readonly embedded?: Embedded | undefined;
  /** Default: direct connections. */
  readonly outbound?: Outbound | undefined;
  readonly credentials?: UpstreamCredentials | undefined;
}

/**
 * The credentials that the registry gets: those of the client (default), none, or a token of the gateway. With a token, everybody who can
 * ask the gateway can read what the registry has.
 */
export type UpstreamCredentials = 'pass' | 'none' | { readonly token: string };

/** A registry that has every tarball itself, whatever addresses its documents name, and knows the address that clients use. */
export interface Embedded {
  readonly socketPath: string;
  /** Further headers of a client that are passed on, in lower case. */
  readonly passedOn: readonly string[];
}
