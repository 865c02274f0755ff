/* Settings of each client in the words of .npmrc. */
import { withoutTrailing } from '@tarwarden/core/text';
import { asRecord } from '../files.ts';
import { kebab, type Values } from '../layer.ts';
import { NPM_REGISTRY } from './registries.ts';

/** Settings by name: texts, and other values that are passed over. */
export type Entries = readonly (readonly [string, unknown])[];

/** Those of pnpm, whose files have all registries in one mapping. Credentials are in the words of .npmrc there. */
export function pnpmEntries(values: Values): Entries {
  const { default: registry, ...scopes } = asRecord(values.get('registries'));
  return [
    ...[...values].map(([name, value]) => {
      const own = /^[a-z][a-zA-Z0-9]*$/.test(name) ? kebab(name) : name;
      return [own === 'no-proxy' ? 'noproxy' : own, value] as const;
    }),
    ...(registry === undefined ? [] : [['registry', registry] as const]),
    ...Object.entries(scopes).map(([scope, url]) => [`${scope}:registry`, url] as const),
  ];
}

/** Those of Yarn 2 and newer. A token without a place belongs to the registry of the same file, or to npm's. */
export function yarnEntries(values: Values): Entries {
  const top = asRecord(Object.fromEntries(values));
  const registry = text(top, 'npmRegistryServer');
  const entries: (readonly [string, unknown])[] = [
    ['registry', registry],
    ...credentials(top, registry ?? NPM_REGISTRY),
  ];
  for (const [scope, value] of Object.entries(asRecord(top['npmScopes']))) {
    const own = asRecord(value);
    const at = text(own, 'npmRegistryServer');
    if (at !== undefined) entries.push([`@${scope}:registry`, at]);
    entries.push(...credentials(own, at ?? registry ?? NPM_REGISTRY));
  }
  for (const [place, value] of Object.entries(asRecord(top['npmRegistries'])))
    entries.push(...credentials(asRecord(value), place.replace(/^\/\//, 'https://')));
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

function credentials(from: Mapping, registry: string): Entries {
  const place = placeOf(registry);
  const ident = text(from, 'npmAuthIdent');
  if (place === undefined) return [];
  // A variable that is not replaced is not encoded, so that it is still seen as one.
  const isWhole = ident?.includes(':') === true && !ident.includes('${');
  return [
    [`${place}:_authToken`, text(from, 'npmAuthToken')],
    [`${place}:_auth`, isWhole ? Buffer.from(ident).toString('base64') : ident],
  ];
}

/** `//host/path/`, as .npmrc has the places that settings belong to. */
export function placeOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { host, pathname } = new URL(url);
  return `//${host}${withoutTrailing(pathname, '/')}/`;
}

type Mapping = Readonly<Record<string, unknown>>;

function text(from: Mapping, name: string): string | undefined {
  const value = Object.hasOwn(from, name) ? from[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
