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
  /** Default: direct connections. */
  readonly outbound?: Outbound | undefined;
  readonly credentials?: UpstreamCredentials | undefined;
}

/**
 * The credentials that the registry gets: those of the client (default), none, or a token of the gateway. With a token, everybody who can
 * ask the gateway can read what the registry has.
 */
export type UpstreamCredentials = 'pass' | 'none' | { readonly token: string };
