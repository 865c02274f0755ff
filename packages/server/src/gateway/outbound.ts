/* Connections of the gateway to other hosts: directly or through a proxy, and the authorities of TLS that count. */
import type { LookupFunction } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { Agent, EnvHttpProxyAgent, Pool, type Dispatcher } from 'undici';
import { isLoopbackName } from '../serving/client-name.ts';

/** Plain values, so that two configurations can be compared. */
export interface Outbound {
  readonly httpProxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  /** Hosts and domains that are asked directly. */
  readonly noProxy: readonly string[];
  /** PEM texts of authorities that count beside those of Node. */
  readonly authorities: readonly string[];
}

export const DIRECT: Outbound = { noProxy: [], authorities: [] };

/** A proxy cannot reach the services of this machine. */
const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

interface DispatcherOptions {
  /** Milliseconds until the answer begins, and between two parts of it. */
  readonly timeLimit: number;
  /** The most connections to one host. */
  readonly connections?: number;
  /** Looks up names for direct connections. A proxy looks up names itself. */
  readonly lookup?: LookupFunction;
  /** The only address that is asked, so that no connection has to be looked up. */
  readonly origin?: string;
}

/** A dispatcher for requests that name their origin. */
export function dispatcherFor(outbound: Outbound, options: DispatcherOptions): Dispatcher {
  const { timeLimit, connections, lookup, origin } = options;
  const { httpProxy = '', httpsProxy = '', noProxy } = outbound;
  const times = { headersTimeout: timeLimit, bodyTimeout: timeLimit };
  const common = { ...times, ...(connections !== undefined && { connections }) };
  const tls = secureContextOf(outbound);
  const connect = { ...tls, ...(lookup && { lookup }) };
  const isHere = origin !== undefined && isLoopbackName(new URL(origin).hostname);
  if ((httpProxy === '' && httpsProxy === '') || noProxy.includes('*') || isHere)
    return origin === undefined
      ? new Agent({ ...common, connect })
      : new Pool(origin, { ...common, connect });
  return new EnvHttpProxyAgent({
    ...common,
    httpProxy,
    httpsProxy,
    noProxy: [...noProxy, ...THIS_MACHINE].join(','),
    connect,
    requestTls: tls,
    proxyTls: tls,
    // Proxies expect CONNECT for https alone.
    proxyTunnel: false,
    clientFactory: (url, given) => new Pool(url, { ...given, ...times }),
    factory: (url, given) => new Pool(url, { ...common, ...(given as object) }),
  });
}

/** Reading all authorities of Node takes some time, so a list of authorities is read once. */
const CONTEXTS = new WeakMap<readonly string[], SecureContext>();

function secureContextOf({ authorities }: Outbound): { readonly secureContext?: SecureContext } {
  if (authorities.length === 0) return {};
  const known = CONTEXTS.get(authorities);
  const secureContext = known ?? createSecureContext({ ca: [...rootCertificates, ...authorities] });
  CONTEXTS.set(authorities, secureContext);
  return { secureContext };
}
