/* The configuration of a server: plain values, made from server.yaml. */
import type { Ecosystem } from '@tarwarden/core';

/** The address to listen on, unless the operator gives another one. */
export const LISTEN = '127.0.0.1:4873';

export interface ServerConfiguration {
  /** `HOST:PORT`. */
  readonly listen: string;
  /** The address that clients use, without a slash at its end. */
  readonly publicUrl?: string | undefined;
  readonly tls?: TlsFiles | undefined;
  readonly trustedProxies: readonly string[];
  readonly proxy?: ProxyConfiguration | undefined;
  readonly registries: readonly RegistryConfiguration[];
  /** The path of the policy file; undefined: the policy file of the user that the server runs as. */
  readonly policy?: string | undefined;
  readonly cache?: CacheConfiguration | undefined;
  readonly limits: {
    readonly connections?: number | undefined;
    /** Bytes. */
    readonly waitingArchives?: number | undefined;
    /** Bytes. */
    readonly uploads?: number | undefined;
    readonly connectionsPerClient?: number | undefined;
  };
  /** Milliseconds after SIGTERM in which new requests are still answered. */
  readonly drain: number;
  readonly log: { readonly level: LogLevel; readonly access: boolean };
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Paths of PEM files. */
export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface ProxyConfiguration {
  readonly https?: string | undefined;
  readonly http?: string | undefined;
  readonly noProxy: readonly string[];
  /** Path of a PEM file. */
  readonly ca?: string | undefined;
}

export interface RegistryConfiguration {
  readonly name: string;
  readonly ecosystem: Ecosystem;
  readonly upstream: string;
  /** Starts and ends with a slash. */
  readonly path: string;
  /** In lower case; undefined: every host without a registry of its own. */
  readonly host?: string | undefined;
  readonly scopes: readonly ScopeConfiguration[];
  readonly allowHosts: readonly string[];
  readonly hideRefused: boolean;
}

export interface ScopeConfiguration {
  /** `@acme`, in lower case. */
  readonly scope: string;
  readonly upstream: string;
  /** `none`: the registry gets no credentials. `pass`: it gets those of the client. A path: it gets the token in this file. */
  readonly credentials: 'none' | 'pass' | { readonly tokenFile: string };
  readonly allowHosts: readonly string[];
}

export interface CacheConfiguration {
  readonly storage: string;
  readonly bytes?: number | undefined;
  /** Milliseconds. */
  readonly staleIfError?: number | undefined;
}
