/*
 * Registries of bun, in the words of an .npmrc. An address may hold the credentials, as in `https://user:password@registry.example/`.
 * A text that consists only of a variable, such as `$NAME`, means the value of that variable.
 */
import type { SettingValues } from '../shared/layer.ts';
import { NPM_REGISTRY, registryPlace } from '../registries/entries.ts';
import type { Variables } from '../shared/where.ts';

const VARIABLE = /^\$([A-Za-z_]\w*)$/;

/** A registry with its credentials. */
export interface RegistryAccess {
  readonly url: string | undefined;
  readonly token?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * The entries of a registry. `setting` is `registry`, or `@scope:registry`. A scope without an address has the registry of all other
 * packages: its entry is an empty text.
 * @param env Replaces variables. Without it, they are written as in an .npmrc, and a password with a variable has no entry.
 */
export function registryEntries(
  setting: string,
  access: RegistryAccess,
  env?: Variables,
): readonly (readonly [string, string])[] {
  const substituted = (text: string | undefined): string | undefined => replaced(text, env);
  const url = substituted(access.url) ?? '';
  const address = url === '' && setting === 'registry' ? NPM_REGISTRY : url;
  if (!URL.canParse(address)) return [[setting, address]];
  const bare = new URL(address);
  const username = credential(access.username, env) ?? decoded(bare.username);
  const password = credential(access.password, env) ?? decoded(bare.password);
  [bare.username, bare.password] = ['', ''];
  const token = credential(access.token, env) ?? (username === undefined ? password : undefined);
  const registryKey = registryPlace(bare);
  const hasBasic = token === undefined && username !== undefined;
  return [
    [setting, bare.href],
    ...(token === undefined ? [] : [[`${registryKey}:_authToken`, token] as const]),
    ...(hasBasic && !/\$\{/.test(password ?? '')
      ? ([
          [`${registryKey}:username`, username],
          [`${registryKey}:_password`, toBase64(password ?? '')],
        ] as const)
      : []),
  ];
}

/** Settings of an .npmrc, with the credentials of addresses as entries of their own. */
export function withRegistries(values: SettingValues, env: Variables): SettingValues {
  const settings = new Map<string, unknown>();
  for (const [name, value] of values)
    for (const [key, entry] of entriesOf(name, value, env)) settings.set(key, entry);
  return settings;
}

function entriesOf(
  name: string,
  value: unknown,
  env: Variables,
): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'string') return [[name, value]];
  if (isRegistry(name)) return registryEntries(name, { url: value }, env);
  const kind = /^\/\/.*:(_authToken|username|_password)$/.exec(name)?.[1];
  if (kind === undefined) return [[name, value]];
  // Unlike in a bunfig.toml, a variable that is not set stays as it is written.
  if (kind !== '_password') return [[name, replaced(value, env)]];
  const password = fromBase64(value);
  const replacedPassword = replaced(password, env);
  return [[name, replacedPassword === password ? value : toBase64(replacedPassword)]];
}

const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString();
const toBase64 = (text: string): string => Buffer.from(text).toString('base64');

export function isRegistry(name: string): boolean {
  return name === 'registry' || /^@[^:]*:registry$/.test(name);
}

/** bun takes no credential whose variable is not set. */
function credential(text: string | undefined, env?: Variables): string | undefined {
  const value = replaced(text, env);
  return value === '' || (env !== undefined && VARIABLE.test(value ?? '')) ? undefined : value;
}

function replaced<Text extends string | undefined>(text: Text, env?: Variables): Text | string {
  const name = VARIABLE.exec(text ?? '')?.[1];
  if (name === undefined) return text;
  return env === undefined ? `\${${name}}` : (env[name] ?? text);
}

function decoded(text: string): string | undefined {
  try {
    return text === '' ? undefined : decodeURIComponent(text);
  } catch {
    return text;
  }
}
