/* The user's network settings as plain data, read from the configuration of a package manager. */
import { readFileSync } from 'node:fs';
import { withoutTrailing } from '@tarwarden/core/text';

/** Every setting is optional and defaults to npm's value. */
export interface NetworkSettings {
  /** The registry for packages without a scope of their own. */
  readonly registry?: string;
  /** Registry by scope, `@` included. */
  readonly scopes?: Readonly<Record<string, string>>;
  /**
   * Settings by host and path, as .npmrc writes them: `//host/path/:_authToken`, `_auth`, `username`, `_password`, `certfile`,
   * `keyfile`, `cafile`, and `cert`, `key`, `ca` with PEM text. Secrets.
   */
  readonly byPlace?: Readonly<Record<string, string>>;
  /** PEM texts that replace the system's authorities. */
  readonly ca?: readonly string[];
  readonly cert?: string;
  readonly key?: string;
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  /** Host names, comma separated. */
  readonly noProxy?: string;
  readonly strictSsl?: boolean;
  readonly localAddress?: string;
  readonly maxSockets?: number;
  readonly retries?: number;
  readonly retryFactor?: number;
  /** Milliseconds; the next two likewise. */
  readonly retryMinTimeout?: number;
  readonly retryMaxTimeout?: number;
  readonly timeout?: number;
  readonly userAgent?: string;
  /** Hosts of this run that are not asked again. If absent, each request uses all its tries. */
  readonly reach?: HostReach | undefined;
}

/** The most path segments of a URL for which settings are looked up. */
const PLACES_MAX = 64;

/** The registry that serves a package, with a slash at the end; undefined when none is configured. */
export function registryFor(name: string, settings: NetworkSettings): string | undefined {
  const scope = /^(@[^/]+)\//.exec(name)?.[1];
  const registry =
    (scope === undefined ? undefined : settings.scopes?.[scope]) ?? settings.registry;
  return registry === undefined ? undefined : `${withoutTrailing(registry, '/')}/`;
}

/** The address where npm registries keep a version's tarball, for use without its metadata; undefined without a registry. */
export function tarballUrl(
  name: string,
  version: string,
  settings: NetworkSettings,
): string | undefined {
  const registry = registryFor(name, settings);
  if (registry === undefined) return undefined;
  return `${registry}${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
}

/** Options for npm's network layer, and for npm-registry-fetch, which picks credentials by the URL. */
export function fetchOptions(
  url: string,
  name: string | undefined,
  settings: NetworkSettings,
): Record<string, unknown> {
  const { protocol } = new URL(url);
  const { byPlace = {}, scopes = {} } = settings;
  const setting = (field: string): string | undefined => settingForUrl(url, field, byPlace);
  const ca = pem(setting('ca'), setting('cafile'));
  const cert = pem(setting('cert'), setting('certfile')) ?? settings.cert;
  const key = pem(setting('key'), setting('keyfile')) ?? settings.key;
  const proxy = protocol === 'https:' ? settings.httpsProxy : settings.httpProxy;
  return defined({
    ...byPlace,
    ...Object.fromEntries(
      Object.entries(scopes).map(([scope, registry]) => [`${scope}:registry`, registry]),
    ),
    // Only a valid package name may select the registry whose credentials are used. Other addresses get those of their own place.
    registry: name === undefined ? undefined : settings.registry,
    spec: name !== undefined && /^(?:@[\w.~-]+\/)?[\w.~-]+$/.test(name) ? name : undefined,
    ca: ca === undefined ? settings.ca : [ca],
    cert,
    key,
    proxy,
    noProxy: settings.noProxy,
    strictSSL: settings.strictSsl,
    localAddress: settings.localAddress,
    maxSockets: settings.maxSockets,
  });
}

/** The setting `field` for the longest configured prefix of `url`: `//host/path/:field`. */
function settingForUrl(
  url: string,
  field: string,
  byPlace: Readonly<Record<string, string>>,
): string | undefined {
  const { host, pathname } = new URL(url);
  let prefix = `//${host}${pathname}`;
  for (let step = 0; step < PLACES_MAX && prefix.length > 2; step += 1) {
    const value = byPlace[`${prefix}:${field}`];
    if (value !== undefined) return value;
    prefix = prefix.endsWith('/')
      ? prefix.slice(0, -1)
      : prefix.slice(0, prefix.lastIndexOf('/') + 1);
  }
  return undefined;
}

function pem(text: string | undefined, file: string | undefined): string | undefined {
  if (text !== undefined) return text.replaceAll('\\n', '\n');
  return file === undefined ? undefined : readFileSync(file, 'utf8');
}

function defined(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** Errors of a connection that was never made. */
const UNREACHED = new Set(
  (
    'EAI_AGAIN ECONNREFUSED EHOSTDOWN EHOSTUNREACH ENETDOWN ENETUNREACH ENOTFOUND ' +
    'ETIMEDOUT UND_ERR_CONNECT_TIMEOUT'
  ).split(' '),
);

/** A host is given up when one request has used all its tries and never reached it. */
export class HostReach {
  readonly #errorByHost = new Map<string, unknown>();

  /** @throws the error of the request for which the host was given up. */
  check(url: string): void {
    const error = this.#errorByHost.get(new URL(url).host);
    if (error !== undefined) throw error;
  }

  /** Called with the error of the last try of a request. */
  note(url: string, error: unknown): void {
    if (isUnreached(error)) this.#errorByHost.set(new URL(url).host, error);
  }
}

/** Whether an error, or one of its causes, says that no connection was made. */
export function isUnreached(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errors = [] } = error as NodeJS.ErrnoException & { readonly errors?: unknown[] };
  if (code !== undefined && UNREACHED.has(code)) return true;
  return isUnreached(error.cause) || errors.some(isUnreached);
}
