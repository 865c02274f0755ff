/*
 * What files of settings say about registries, in the words of .npmrc. The user's own files are believed. A project's file is written by whoever wrote the
 * project: it may say which registry has a package, as it does for npm, but
 *
 * - it reads no variable of the environment, but for credentials of a registry that the user's own files name, and a token of npm's
 *   for npm's own: `registry=https://elsewhere/${SECRET}` would hand out a secret;
 * - it sets no proxy, authority, certificate or check of TLS, with which a token of the user's could be read on its way.
 */
import type { NetworkSettings } from '@tarwarden/host';
import type { Entries } from './entries.ts';

/** The settings of one file, or of the environment. */
export interface Settings {
  readonly registry?: string;
  readonly scopes: Readonly<Record<string, string>>;
  readonly byPlace: Readonly<Record<string, string>>;
  /** The rest of what `NetworkSettings` has; empty for a project's file. */
  readonly network: NetworkSettings;
  readonly cache?: string;
  readonly cafile?: string;
  /** Folder of Yarn 2 and newer for what projects share. */
  readonly globalFolder?: string;
  /** Its folder of zips. */
  readonly cacheFolder?: string;
  /** pnpm's store. */
  readonly storeDir?: string;
  /** Settings that were left out, by name. */
  readonly ignored: readonly string[];
}

const PLACED =
  /^\/\/.*:(?:_authToken|_auth|username|_password|certfile|keyfile|cafile|cert|key|ca)$/;
const CREDENTIAL = /^(\/\/.*):(?:_authToken|_auth|username|_password)$/;

/** The name of each variable in a text, also of one in the default of another. */
const VARIABLE = /\$\{([^${}?:-]*)/g;

/** The user's own settings, with variables replaced. */
export function userSettings(settings: Entries): Settings {
  const { registry, scopes } = registriesOf(settings);
  const all = new Map(settings);
  return {
    ...(registry !== undefined && { registry }),
    scopes,
    byPlace: Object.fromEntries(strings(settings).filter(([key]) => PLACED.test(key))),
    network: networkOf(all),
    ...optional('cache', textOf(all.get('cache'))),
    ...optional('cafile', textOf(all.get('cafile'))),
    ...optional('globalFolder', textOf(all.get('globalFolder'))),
    ...optional('cacheFolder', textOf(all.get('cacheFolder'))),
    ...optional('storeDir', textOf(all.get('store-dir'))),
    ignored: [],
  };
}

/** Whether the values of variables may be sent to a place, as `//host/path/`. */
export type MaySend = (place: string, variables: readonly string[]) => boolean;

/** A project's file, as it is written, and with variables replaced. */
export function projectSettings(written: Entries, values: Entries, maySend: MaySend): Settings {
  const settled = settledValues(written, values);
  const ignored: string[] = [];
  const kept: [string, string][] = [];
  for (const [key, value] of strings(written)) {
    const place = CREDENTIAL.exec(key)?.[1];
    const isRegistry = key === 'registry' || /^@[^:]+:registry$/.test(key);
    const variable = /\$\{/.test(value) || /\$\{/.test(key);
    if (isRegistry || place !== undefined) {
      if (!variable) kept.push([key, value]);
      else if (place !== undefined && settled.has(key) && maySend(place, variablesIn(value)))
        kept.push([key, settled.get(key)!]);
      else ignored.push(key);
    }
  }
  const { registry, scopes } = registriesOf(kept);
  return {
    ...(registry !== undefined && { registry }),
    scopes,
    byPlace: Object.fromEntries(kept.filter(([key]) => CREDENTIAL.test(key))),
    network: {},
    ignored,
  };
}

/** The values that belong to the one text by their name: two names may become one, and the text of the other may have another variable. */
function settledValues(written: Entries, values: Entries): ReadonlyMap<string, string> {
  if (written.some(([name]) => name.includes('${'))) return new Map();
  const found = new Map<string, string>();
  const several = new Set<string>();
  for (const [name, value] of strings(values)) {
    if (found.has(name) && found.get(name) !== value) several.add(name);
    found.set(name, value);
  }
  for (const name of several) found.delete(name);
  return found;
}

function variablesIn(text: string): string[] {
  return Array.from(text.matchAll(VARIABLE), ([, name = '']) => name);
}

function strings(entries: Entries): [string, string][] {
  return entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

function registriesOf(entries: Entries): {
  registry: string | undefined;
  scopes: Record<string, string>;
} {
  let registry: string | undefined;
  const scopes: Record<string, string> = {};
  for (const [key, value] of strings(entries)) {
    if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) continue;
    const scope = /^(@[^:]+):registry$/.exec(key)?.[1];
    if (scope !== undefined) scopes[scope] = value;
    else if (key === 'registry') registry = value;
  }
  return { registry, scopes };
}

function networkOf(all: ReadonlyMap<string, unknown>): NetworkSettings {
  const text = (key: string): string | undefined => textOf(all.get(key));
  const number = (key: string): number | undefined => {
    const value = all.get(key);
    const isThere = typeof value === 'number' || textOf(value) !== undefined;
    return isThere && Number.isFinite(Number(value)) ? Number(value) : undefined;
  };
  const ca = [all.get('ca')]
    .flat()
    .filter((one): one is string => typeof one === 'string' && one !== '');
  return {
    ...optional('ca', ca.length === 0 ? undefined : ca.map((one) => one.replaceAll('\\n', '\n'))),
    ...optional('cert', text('cert')?.replaceAll('\\n', '\n')),
    ...optional('key', text('key')?.replaceAll('\\n', '\n')),
    ...optional('httpProxy', text('proxy') ?? text('http-proxy')),
    ...optional('httpsProxy', text('https-proxy') ?? text('proxy')),
    ...optional('noProxy', text('noproxy')),
    ...optional('strictSsl', String(all.get('strict-ssl')) === 'false' ? false : undefined),
    ...optional('localAddress', text('local-address')),
    ...optional('maxSockets', number('maxsockets')),
    ...optional('retries', number('fetch-retries')),
    ...optional('retryFactor', number('fetch-retry-factor')),
    ...optional('retryMinTimeout', number('fetch-retry-mintimeout')),
    ...optional('retryMaxTimeout', number('fetch-retry-maxtimeout')),
    ...optional('timeout', number('fetch-timeout')),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'null' ? value : undefined;
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}
