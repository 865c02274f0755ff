/* Texts of settings that bun reads in an odd way, with what they say. */
import { all, basic, npmrc, project, utf16, type BunRow } from './bun-rows.ts';

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
];

const inNpmrc = (value: string, says: BunRow['says']): [string, BunRow] => [
  `registry=${JSON.stringify(value)} in an .npmrc`,
  { files: npmrc(`registry=${value}\n`), env: { X: 'n', E: '' }, says },
];

export const npmrcs: readonly (readonly [string, BunRow])[] = [
  inNpmrc('"http://n.test/"', all('n')),
  inNpmrc("'http://n.test/'", all('n')),
  inNpmrc('http://n.test/;b', all('n')),
  inNpmrc('"http://\\u006e.test/"', all('n')),
  inNpmrc('http://${X}.test/', all('n')),
  inNpmrc("'http://${X}.test/'", all('n')),
  inNpmrc('http://n${N?}.test/', all('n')),
  inNpmrc('http://n${E}.test/', all('n')),
  ['a name in quotes', { files: npmrc('"registry"=http://n.test/'), says: all('n') }],
  [
    'a name twice',
    { files: npmrc('registry=http://a.test/\nregistry=http://n.test/'), says: all('n') },
  ],
  ['a list', { files: npmrc('registry[]=http://n.test/'), says: {} }],
  ['a section', { files: npmrc('[s]\nregistry=http://n.test/'), says: {} }],
  [
    'a variable in a name',
    { files: npmrc('${K}=http://n.test/'), env: { K: 'registry' }, says: {} },
  ],
  [
    'carriage returns and a byte order mark',
    { files: npmrc('\uFEFFregistry=http://n.test/\r\nx=b\r\n'), says: all('n') },
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
  [
    'a lone carriage return in an .npmrc',
    { files: npmrc('x=y\rregistry=http://n.test/\n'), says: {} },
  ],
  [
    'an escaped backslash before a variable',
    { files: npmrc('x=\\\\${X}\nregistry=http://n.test/'), says: all('n') },
  ],
  [
    'a backslash before a variable in quotes',
    { files: npmrc("x='\\${X}'\nregistry=http://n.test/"), says: all('n') },
  ],
  [
    'UTF-16 in an .npmrc',
    { files: { 'project/.npmrc': utf16('registry=http://n.test/\n') }, says: all('n') },
  ],
  [
    'UTF-16 in a bunfig',
    {
      files: { 'project/bunfig.toml': utf16('[install]\nregistry="http://n.test/"\n') },
      says: all('n'),
    },
  ],
  [
    'a date',
    { files: project('[install]\nregistry = "http://n.test/"\nx = 1979-05-27'), says: all('n') },
  ],
];
