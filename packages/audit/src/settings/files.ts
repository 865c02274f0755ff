/* Files of settings as entries in the words of .npmrc. */
import { parse } from 'ini';
import { TarwardenError } from '@tarwarden/core';
import { withoutTrailing } from '@tarwarden/core/text';
import { errnoOf, isMissing, readBounded } from '@tarwarden/host';
import { mapping, mappingIn, textIn, unreadable, yaml, type Mapping } from './documents.ts';
import type { Entries } from './settings.ts';

/** Bytes of a file of settings; a larger one is an error. */
const FILE_BYTES_MAX = 1024 * 1024;

/** The text of a file; undefined where there is none. */
export function readSettingsText(
  path: string,
  { follow }: { follow: boolean },
): string | undefined {
  try {
    const { bytes } = readBounded(path, { bytesMax: FILE_BYTES_MAX, follow });
    if (bytes === undefined) throw unreadable(path, 'not a file, or too large');
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof TarwardenError) throw error;
    if (isMissing(error)) return undefined;
    throw unreadable(path, errnoOf(error) ?? 'unknown error');
  }
}

export function npmrcEntries(text: string): Entries {
  return Object.entries(parse(text));
}

/** A .yarnrc.yml. A token without a place belongs to the registry of the same file, or to npm's. */
export function yarnrcEntries(text: string, path: string): Entries {
  const settings = yaml(text, path);
  const registry = textIn(settings, 'npmRegistryServer');
  const entries: [string, unknown][] = [];
  if (registry !== undefined) entries.push(['registry', registry]);
  addCredentials(entries, settings, registry ?? 'https://registry.npmjs.org/');
  for (const [scope, value] of Object.entries(mappingIn(settings, 'npmScopes'))) {
    const own = mapping(value);
    const at = textIn(own, 'npmRegistryServer');
    if (at !== undefined) entries.push([`@${scope}:registry`, at]);
    addCredentials(entries, own, at ?? registry ?? 'https://registry.npmjs.org/');
  }
  for (const [place, value] of Object.entries(mappingIn(settings, 'npmRegistries')))
    addCredentials(entries, mapping(value), place.replace(/^\/\//, 'https://'));
  for (const [name, key] of RENAMED) entries.push([key, textIn(settings, name)]);
  return entries;
}

const RENAMED = [
  ['globalFolder', 'globalFolder'],
  ['cacheFolder', 'cacheFolder'],
  ['httpProxy', 'proxy'],
  ['httpsProxy', 'https-proxy'],
  ['httpsCaFilePath', 'cafile'],
  ['enableStrictSsl', 'strict-ssl'],
] as const;

function addCredentials(entries: [string, unknown][], from: Mapping, registry: string): void {
  const place = placeOf(registry);
  if (place === undefined) return;
  const token = textIn(from, 'npmAuthToken');
  const ident = textIn(from, 'npmAuthIdent');
  if (token !== undefined) entries.push([`${place}:_authToken`, token]);
  // Variables are not replaced yet: what may be one is not encoded.
  if (ident !== undefined)
    entries.push([
      `${place}:_auth`,
      ident.includes(':') && !ident.includes('${') ? Buffer.from(ident).toString('base64') : ident,
    ]);
}

/** `//host/path/`, as .npmrc has the places that settings belong to. */
export function placeOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { host, pathname } = new URL(url);
  return `//${host}${withoutTrailing(pathname, '/')}/`;
}
