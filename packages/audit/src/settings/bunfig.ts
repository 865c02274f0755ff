/* bunfig.toml of bun, in the words of .npmrc. Variables are written `$NAME` there. */
import { parse } from 'smol-toml';
import { mapping, mappingIn, textIn, unreadable, type Mapping } from './documents.ts';
import { placeOf } from './files.ts';
import type { Entries, Variables } from './settings.ts';

const DEFAULT = 'https://registry.npmjs.org/';

/**
 * @param env For a file of the user's own. A project's keeps its variables, as `${NAME}`, and a password with one does not count.
 * @throws TarwardenError where it is not TOML.
 */
export function bunfigEntries(text: string, path: string, env?: Variables): Entries {
  const install = mappingIn(toml(text, path), 'install');
  const { registry, cache } = install;
  const read: Read = (from, name) => {
    const value = textIn(from, name);
    return env === undefined
      ? value?.replaceAll(VARIABLE, '${$1}')
      : value?.replaceAll(VARIABLE, (whole, variable: string) => env[variable] ?? whole);
  };
  const folder = typeof cache === 'string' ? read(install, 'cache') : read(mapping(cache), 'dir');
  return [
    ...(registry === undefined ? [] : registryEntries('registry', registry, read)),
    ...Object.entries(mappingIn(install, 'scopes')).flatMap(([scope, value]) =>
      registryEntries(`@${scope.replace(/^@/, '')}:registry`, value, read),
    ),
    ['cache', folder],
    ['ca', install['ca']],
    ['cafile', read(install, 'cafile')],
  ];
}

type Read = (from: Mapping, name: string) => string | undefined;

const VARIABLE = /\$(\w+)/g;

/** Of an address, or of a table with one and the credentials for it. */
function registryEntries(key: string, value: unknown, read: Read): Entries {
  const table = mapping(typeof value === 'string' ? { url: value } : value);
  const url = read(table, 'url') ?? DEFAULT;
  const place = placeOf(url);
  if (place === undefined || url.includes('${')) return [[key, url]];
  const bare = new URL(url);
  const { username, password } = bare;
  [bare.username, bare.password] = ['', ''];
  return [
    [key, bare.href],
    [`${place}:_authToken`, read(table, 'token')],
    [`${place}:username`, read(table, 'username') ?? decoded(username)],
    [`${place}:_password`, encoded(read(table, 'password') ?? decoded(password))],
  ];
}

function decoded(text: string): string | undefined {
  try {
    return text === '' ? undefined : decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As .npmrc has passwords. */
function encoded(password: string | undefined): string | undefined {
  return password === undefined || password.includes('${')
    ? undefined
    : Buffer.from(password).toString('base64');
}

function toml(text: string, path: string): Mapping {
  try {
    return mapping(parse(text));
  } catch {
    throw unreadable(path, 'not valid TOML');
  }
}
