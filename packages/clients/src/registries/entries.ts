/* Translates the settings of each client into the words of .npmrc. */
import { withoutTrailing } from '@tarwarden/core/text';
import { asRecord } from '../shared/files.ts';
import { kebab, type SettingValues } from '../shared/layer.ts';

export const NPM_REGISTRY = 'https://registry.npmjs.org/';

/** Settings by name. Values that are not texts are skipped. */
export type SettingEntries = readonly (readonly [string, unknown])[];

/** The settings of pnpm. Its files have all registries in one mapping, and credentials in the words of .npmrc. */
export function pnpmEntries(values: SettingValues): SettingEntries {
  const { default: registry, ...scopes } = asRecord(values.get('registries'));
  return [
    ...[...values].map(([name, value]) => {
      const npmrcName = /^[a-z][a-zA-Z0-9]*$/.test(name) ? kebab(name) : name;
      return [npmrcName === 'no-proxy' ? 'noproxy' : npmrcName, value] as const;
    }),
    ...(registry === undefined ? [] : [['registry', registry] as const]),
    ...Object.entries(scopes).map(([scope, url]) => [`${scope}:registry`, url] as const),
  ];
}

/** The settings of Yarn 2 and newer. A token without an address belongs to the registry of the same file, or to npm's. */
export function yarnEntries(values: SettingValues): SettingEntries {
  const top = asRecord(Object.fromEntries(values));
  const registry = text(top, 'npmRegistryServer');
  const entries: (readonly [string, unknown])[] = [
    ['registry', registry],
    ...credentials(top, registry ?? NPM_REGISTRY),
  ];
  for (const [scope, value] of Object.entries(asRecord(top['npmScopes']))) {
    const scopeSettings = asRecord(value);
    const scopeRegistry = text(scopeSettings, 'npmRegistryServer');
    if (scopeRegistry !== undefined) entries.push([`@${scope}:registry`, scopeRegistry]);
    entries.push(...credentials(scopeSettings, scopeRegistry ?? registry ?? NPM_REGISTRY));
  }
  for (const [address, value] of Object.entries(asRecord(top['npmRegistries'])))
    entries.push(...credentials(asRecord(value), address.replace(/^\/\//, 'https://')));
  return [...entries, ...YARN_NAMES.map(([name, key]) => [key, top[name]] as const)];
}

const YARN_NAMES = [
  ['globalFolder', 'globalFolder'],
  ['cacheFolder', 'cacheFolder'],
  ['httpProxy', 'proxy'],
  ['httpsProxy', 'https-proxy'],
  ['httpsCaFilePath', 'cafile'],
  ['enableStrictSsl', 'strict-ssl'],
] as const;

function credentials(from: Mapping, registry: string): SettingEntries {
  const ident = text(from, 'npmAuthIdent');
  if (!URL.canParse(registry)) return [];
  const registryKey = registryPlace(new URL(registry));
  // A text with a variable is not encoded, so that the variable stays visible.
  const isWhole = ident?.includes(':') === true && !ident.includes('${');
  return [
    [`${registryKey}:_authToken`, text(from, 'npmAuthToken')],
    [`${registryKey}:_auth`, isWhole ? Buffer.from(ident).toString('base64') : ident],
  ];
}

/** `//host/path/`, the form in which .npmrc says to which registry a setting belongs. */
export function registryPlace({ host, pathname }: URL): string {
  return `//${host}${withoutTrailing(pathname, '/')}/`;
}

type Mapping = Readonly<Record<string, unknown>>;

function text(from: Mapping, name: string): string | undefined {
  const value = Object.hasOwn(from, name) ? from[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
