/* Turns the content of server.yaml into the configuration: sizes and durations become numbers, and paths of files become absolute. */
import { resolve } from 'node:path';
import {
  LISTEN,
  type CacheConfiguration,
  type RegistryConfiguration,
  type ScopeConfiguration,
  type ServerConfiguration,
} from './configuration.ts';
import { durationIn, sizeIn } from './quantities.ts';
import type { ConfigurationFile } from './schema.ts';

/** @param folder The folder of server.yaml, to which its paths are relative. */
export function configurationIn(file: ConfigurationFile, folder: string): ServerConfiguration {
  const { publicUrl, tls, proxy, policy, cache, limits = {}, log } = file;
  const path = (given: string): string => resolve(folder, given);
  const { waitingArchives, uploads } = limits;
  return {
    listen: file.listen ?? LISTEN,
    publicUrl: publicUrl?.replace(/\/+$/, ''),
    tls: tls && { certificate: path(tls.certificate), key: path(tls.key) },
    trustedProxies: file.trustedProxies ?? [],
    proxy: proxy && {
      ...proxy,
      noProxy: proxy.noProxy ?? [],
      ca: proxy.ca === undefined ? undefined : path(proxy.ca),
    },
    registries: Object.entries(file.registries).map(([name, registry]) => {
      const { scopes = {}, ...rest } = registry;
      return registryIn({ name, ...rest }, Object.entries(scopes), path);
    }),
    policy: policy && path(policy),
    cache: cache && cacheIn(cache, path),
    limits: {
      ...limits,
      waitingArchives: waitingArchives === undefined ? undefined : sizeIn(waitingArchives),
      uploads: uploads === undefined ? undefined : sizeIn(uploads),
    },
    drain: durationIn(file.drain ?? '5s'),
    log: { level: log?.level ?? 'info', access: log?.access ?? true },
  };
}

type Paths = (given: string) => string;
type RegistryFile = ConfigurationFile['registries'][string];

function registryIn(
  registry: { readonly name: string } & Omit<RegistryFile, 'scopes'>,
  scopes: readonly (readonly [string, NonNullable<RegistryFile['scopes']>[string]])[],
  path: Paths,
): RegistryConfiguration {
  return {
    name: registry.name,
    ecosystem: registry.ecosystem ?? 'npm',
    upstream: registry.upstream,
    path: registry.path ?? '/',
    host: registry.host,
    scopes: scopes.map(([scope, given]) => scopeIn(scope, given, path)),
    allowHosts: registry.allowHosts ?? [],
    hideRefused: registry.hideRefused ?? false,
  };
}

function scopeIn(
  scope: string,
  given: NonNullable<RegistryFile['scopes']>[string],
  path: Paths,
): ScopeConfiguration {
  if (typeof given === 'string')
    return { scope, upstream: given, credentials: 'none', allowHosts: [] };
  const { upstream, credentials = 'none', allowHosts = [] } = given;
  const own =
    typeof credentials === 'string' ? credentials : { tokenFile: path(credentials.tokenFile) };
  return { scope, upstream, credentials: own, allowHosts };
}

/** A folder becomes absolute. Addresses stay. */
function storageIn(storage: string, path: Paths): string {
  return /^[a-z][a-z0-9+]+:/i.test(storage) ? storage : path(storage);
}

function cacheIn(
  { storage, bytes, staleIfError }: NonNullable<ConfigurationFile['cache']>,
  path: Paths,
): CacheConfiguration {
  return {
    storage: storageIn(storage, path),
    bytes: bytes === undefined ? undefined : sizeIn(bytes),
    staleIfError: staleIfError === undefined ? undefined : durationIn(staleIfError),
  };
}
