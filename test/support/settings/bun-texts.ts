/* Texts of settings that bun reads in an odd way, with what they say. */
import { all, basic, npmrc, project, utf16, type BunRow } from './bun-rows.ts';

const inNpmrc = (value: string, cache: string): [string, BunRow] => [
  `cache=${JSON.stringify(value)} in an .npmrc`,
  {
    files: npmrc(`cache=${value}\n`),
    env: { X: 'xx', E: '' },
    says: { cache: cache === '' ? '' : `%/project/${cache}` },
  },
];

export const tables: readonly (readonly [string, BunRow])[] = [
  ['dotted keys', { files: project('install.registry = "http://d.test/"'), says: all('d') }],
  [
    'quoted keys with escapes',
    { files: project('["install"]\n"re\\u0067istry" = "http://d.test/"'), says: all('d') },
  ],
  [
    'an inline table',
    { files: project('install = { registry = "http://d.test/", }'), says: all('d') },
  ],
  [
    'carriage returns and a byte order mark',
    { files: project('\uFEFF[install]\r\nregistry = "http://d.test/"\r\n'), says: all('d') },
  ],
  [
    'strings of several lines',
    { files: project("[install]\nregistry = '''\nhttp://d.test/'''"), says: all('d') },
  ],
  ['names in another case', { files: project('[Install]\nRegistry = "http://d.test/"'), says: {} }],
  ['an array of tables', { files: project('[[install]]\nregistry = "http://d.test/"'), says: {} }],
  ['a key twice', { files: project('[install]\ncache = "a"\ncache = "b"'), says: 'refused' }],
  ['a table twice', { files: project('[install]\ncache = "a"\n[install]\n'), says: 'refused' }],
  ['a lone carriage return', { files: project('[install]\rcache = "a"'), says: 'refused' }],
  [
    'a variable alone',
    { files: project('[install]\nregistry = "$V"'), env: { V: 'http://v.test/' }, says: all('v') },
  ],
  [
    'a variable with more',
    {
      files: project('[install]\nregistry = "http://d.test/$V/"'),
      env: { V: 'v' },
      says: { registry: 'http://d.test/$V/', '@s': 'http://d.test/$V/', '@t': 'http://d.test/$V/' },
    },
  ],
  [
    'a token by a variable',
    {
      files: project('[install]\nregistry = { url = "http://d.test/", token = "$V" }'),
      env: { V: 'tt' },
      says: { ...(all('d') as object), authorization: 'Bearer tt' },
    },
  ],
  [
    'a token by a variable that is not set',
    {
      files: project('[install]\nregistry = { url = "http://d.test/", token = "$V" }'),
      says: all('d'),
    },
  ],
  [
    'a password by a variable',
    {
      files: project(
        '[install]\nregistry = { url = "http://d.test/", username = "u", password = "$V" }',
      ),
      env: { V: 'pp' },
      says: { ...(all('d') as object), authorization: basic('u:pp') },
    },
  ],
  [
    'credentials in an address',
    {
      files: project('[install]\nregistry = "http://u:p%2F@d.test/"'),
      says: { ...(all('d') as object), authorization: basic('u:p/') },
    },
  ],
  [
    'a token in an address',
    {
      files: project('[install]\nregistry = "http://:tt@d.test/"'),
      says: { ...(all('d') as object), authorization: 'Bearer tt' },
    },
  ],
  [
    'an empty registry',
    {
      files: { ...project('[install]\nregistry = ""'), ...npmrc('registry=http://n.test/') },
      says: {},
    },
  ],
  [
    'a scope without an address',
    {
      files: {
        ...project('[install.scopes]\ns = { token = "x" }'),
        ...npmrc('registry=http://n.test/\n@s:registry=http://s.test/'),
      },
      says: all('n'),
    },
  ],
  [
    'a folder of the cache',
    { files: project('[install]\ncache = "c"'), says: { cache: '%/project/c' } },
  ],
  [
    'a folder below the home folder',
    { files: { 'home/.bunfig.toml': '[install.cache]\ndir = "~/c"' }, says: { cache: '%/home/c' } },
  ],
  [
    "a folder beside the user's file",
    { files: { 'home/.bunfig.toml': '[install.cache]\ndir = "c"' }, says: { cache: '%/home/c' } },
  ],
  [
    'no cache',
    {
      files: {
        'home/.bunfig.toml': '[install.cache]\ndisable = true',
        ...project('[install]\ncache = "c"'),
      },
      says: { cache: '%/project/node_modules/.cache' },
    },
  ],
];

export const npmrcs: readonly (readonly [string, BunRow])[] = [
  inNpmrc('"a b"', 'a b'),
  inNpmrc("'a b'", 'a b'),
  inNpmrc('a;b', 'a'),
  inNpmrc('a\\;b', 'a;b'),
  inNpmrc('"a;b"', 'a;b'),
  inNpmrc('"a\\u0062"', 'ab'),
  inNpmrc("'a\\u0062'", 'a/u0062'),
  inNpmrc('"a', '"a'),
  inNpmrc('${X}', 'xx'),
  inNpmrc("'${X}'", 'xx'),
  inNpmrc('a${N}', 'a${N}'),
  inNpmrc('a${N?}', 'a'),
  inNpmrc('a${N-y}', 'a${N-y}'),
  inNpmrc('a${X:-y}', 'a${X:-y}'),
  inNpmrc('a${E}b', 'ab'),
  inNpmrc('\\${X}', '${X}'),
  inNpmrc('true', ''),
  inNpmrc('false', 'node_modules/.cache'),
  ['a name in quotes', { files: npmrc('"cache"=a'), says: { cache: '%/project/a' } }],
  ['a name twice', { files: npmrc('cache=a\ncache=b'), says: { cache: '%/project/b' } }],
  ['a list', { files: npmrc('cache[]=a'), says: {} }],
  ['a section', { files: npmrc('[s]\ncache=a'), says: {} }],
  ['a variable in a name', { files: npmrc('${K}=a'), env: { K: 'cache' }, says: {} }],
  [
    'carriage returns and a byte order mark',
    { files: npmrc('\uFEFFcache=a\r\nx=b\r\n'), says: { cache: '%/project/a' } },
  ],
  [
    'a token',
    {
      files: npmrc('registry=http://n.test/a/\n//n.test/a/:_authToken=tt'),
      says: {
        registry: 'http://n.test/a/',
        '@s': 'http://n.test/a/',
        '@t': 'http://n.test/a/',
        authorization: 'Bearer tt',
      },
    },
  ],
  [
    'a token for all of a host',
    {
      files: npmrc('registry=http://n.test/a/\n//n.test/:_authToken=tt'),
      says: {
        registry: 'http://n.test/a/',
        '@s': 'http://n.test/a/',
        '@t': 'http://n.test/a/',
        authorization: 'Bearer tt',
      },
    },
  ],
  [
    'a token of no registry',
    { files: npmrc('registry=http://n.test/\n_authToken=tt'), says: all('n') },
  ],
  [
    'a registry by a variable alone',
    { files: npmrc('registry=$V'), env: { V: 'http://v.test/' }, says: all('v') },
  ],
];

/** Files that bun reads and our reader does not: it says that it does not know, and settings of such a file are believed nowhere. */
export const notKnown: readonly (readonly [string, BunRow])[] = [
  ['a lone carriage return in an .npmrc', { files: npmrc('x=y\rcache=a\n'), says: {} }],
  ['a line separator', { files: npmrc('cache=a\u2029b\n'), says: { cache: '%/project/a\u2029b' } }],
  [
    'an escaped backslash before a variable',
    { files: npmrc('cache=\\\\${X}'), env: { X: 'xx' }, says: { cache: '%/project/xx' } },
  ],
  [
    'a backslash before a variable in quotes',
    { files: npmrc("cache='\\${X}'"), env: { X: 'xx' }, says: { cache: '%/project/xx' } },
  ],
  [
    'UTF-16 in an .npmrc',
    { files: { 'project/.npmrc': utf16('cache=a\n') }, says: { cache: '%/project/a' } },
  ],
  [
    'UTF-16 in a bunfig',
    {
      files: { 'project/bunfig.toml': utf16('[install]\ncache="a"\n') },
      says: { cache: '%/project/a' },
    },
  ],
  [
    'a date',
    { files: project('[install]\ncache = 1979-05-27'), says: { cache: '%/project/1979-05-27' } },
  ],
];
