/*
 * Reads the settings of registries, in the words of .npmrc. The user's own files are trusted. Anybody may have written the file of a
 * project. As in npm, it may say which registry has a package, with two limits:
 *
 * - It reads no variable, since `registry=https://elsewhere/${SECRET}` would send a secret away. Only credentials may have variables,
 *   for a registry in the user's own files, and for npm's registry if they are named like its tokens.
 * - It sets no proxy, authority, certificate or check of TLS, with which somebody could read a token of the user on its way.
 */
import type { NetworkSettings } from '@tarwarden/guard';
import type { SettingEntries } from './entries.ts';

/** The settings of one file, or of the environment. */
export interface RegistrySettings {
  readonly registry?: string;
  readonly scopes: Readonly<Record<string, string>>;
  readonly byPlace: Readonly<Record<string, string>>;
  /** The other settings of the network. Empty for a project's file. */
  readonly network: NetworkSettings;
  readonly cache?: string;
  readonly cafile?: string;
  /** The folder that Yarn 2 and newer share between projects. */
  readonly globalFolder?: string;
  /** Yarn's folder of zips. */
  readonly cacheFolder?: string;
  /** The names of settings that do not count. */
  readonly ignored: readonly string[];
}

const PLACED =
  /^\/\/.*:(?:_authToken|_auth|username|_password|certfile|keyfile|cafile|cert|key|ca)$/;
const CREDENTIAL = /^(\/\/.*):(?:_authToken|_auth|username|_password)$/;

/** Matches the name of each variable in a text, also in the default of another one. */
const VARIABLE = /\$\{([^${}?:-]*)/g;

/** The user's own settings, with variables replaced. */
export function userSettings(settings: SettingEntries): RegistrySettings {
  const { registry, scopes } = registriesOf(settings);
  const byName = new Map(settings);
  return {
    ...(registry !== undefined && { registry }),
    scopes,
    byPlace: Object.fromEntries(strings(settings).filter(([key]) => PLACED.test(key))),
    network: networkSettings(byName),
    ...optional('cache', nonEmptyText(byName.get('cache'))),
    ...optional('cafile', nonEmptyText(byName.get('cafile'))),
    ...optional('globalFolder', nonEmptyText(byName.get('globalFolder'))),
    ...optional('cacheFolder', nonEmptyText(byName.get('cacheFolder'))),
    ignored: [],
  };
}

/** Whether a project may send the values of variables to `//host/path/`. */
export type MaySend = (registryKey: string, variables: readonly string[]) => boolean;

/** The settings of a project's file. `written` has its variables, and `values` has them replaced. */
export function projectSettings(
  written: SettingEntries,
  values: SettingEntries,
  maySend: MaySend,
): RegistrySettings {
  const settled = settledValues(written, values);
  const ignored: string[] = [];
  const countedSettings: [string, string][] = [];
  for (const [key, value] of strings(written)) {
    const registryKey = CREDENTIAL.exec(key)?.[1];
    const isRegistry = key === 'registry' || /^@[^:]+:registry$/.test(key);
    const variable = /\$\{/.test(value) || /\$\{/.test(key);
    if (isRegistry || registryKey !== undefined) {
      if (!variable) countedSettings.push([key, value]);
      else if (
        registryKey !== undefined &&
        settled.has(key) &&
        maySend(registryKey, variablesIn(value))
      )
        countedSettings.push([key, settled.get(key)!]);
      else ignored.push(key);
    }
  }
  const { registry, scopes } = registriesOf(countedSettings);
  return {
    ...(registry !== undefined && { registry }),
    scopes,
    byPlace: Object.fromEntries(countedSettings.filter(([key]) => CREDENTIAL.test(key))),
    network: {},
    ignored,
  };
}

/** The values whose written text is certain. Once variables are replaced, two names may become one, with another variable in its text. */
function settledValues(
  written: SettingEntries,
  values: SettingEntries,
): ReadonlyMap<string, string> {
  if (written.some(([name]) => name.includes('${'))) return new Map();
  const valueByName = new Map<string, string>();
  const several = new Set<string>();
  for (const [name, value] of strings(values)) {
    if (valueByName.has(name) && valueByName.get(name) !== value) several.add(name);
    valueByName.set(name, value);
  }
  for (const name of several) valueByName.delete(name);
  return valueByName;
}

function variablesIn(text: string): string[] {
  return Array.from(text.matchAll(VARIABLE), ([, name = '']) => name);
}

function strings(entries: SettingEntries): [string, string][] {
  return entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

function registriesOf(entries: SettingEntries): {
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

function networkSettings(byName: ReadonlyMap<string, unknown>): NetworkSettings {
  const text = (key: string): string | undefined => nonEmptyText(byName.get(key));
  const number = (key: string): number | undefined => {
    const value = byName.get(key);
    const isThere = typeof value === 'number' || nonEmptyText(value) !== undefined;
    return isThere && Number.isFinite(Number(value)) ? Number(value) : undefined;
  };
  const ca = [byName.get('ca')]
    .flat()
    .filter((authority): authority is string => typeof authority === 'string' && authority !== '');
  return {
    ...optional(
      'ca',
      ca.length === 0 ? undefined : ca.map((authority) => authority.replaceAll('\\n', '\n')),
    ),
    ...optional('cert', text('cert')?.replaceAll('\\n', '\n')),
    ...optional('key', text('key')?.replaceAll('\\n', '\n')),
    ...optional('httpProxy', text('proxy') ?? text('http-proxy')),
    ...optional('httpsProxy', text('https-proxy') ?? text('proxy')),
    ...optional('noProxy', text('noproxy')),
    ...optional('strictSsl', String(byName.get('strict-ssl')) === 'false' ? false : undefined),
    ...optional('localAddress', text('local-address')),
    ...optional('maxSockets', number('maxsockets')),
    ...optional('retries', number('fetch-retries')),
    ...optional('retryFactor', number('fetch-retry-factor')),
    ...optional('retryMinTimeout', number('fetch-retry-mintimeout')),
    ...optional('retryMaxTimeout', number('fetch-retry-maxtimeout')),
    ...optional('timeout', number('fetch-timeout')),
  };
}

function nonEmptyText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value !== 'null' ? value : undefined;
}

function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}
