import { describe, expect, it } from 'vitest';
import {
  registryPlace,
  yarnEntries,
} from '../../../../../packages/clients/src/registries/entries.ts';
import {
  projectSettings,
  userSettings,
} from '../../../../../packages/clients/src/registries/file-settings.ts';
import type { ReplacedSettings } from '../../../../../packages/clients/src/shared/files.ts';
import { npmrcValues } from '../../../../../packages/clients/src/npm/settings.ts';
import { clientContext } from '../../../../../packages/clients/src/shared/where.ts';

const env = { HOME: '/home/me', TOKEN: 'secret', HOST: 'r.test' };
const read = (text: string): ReplacedSettings =>
  npmrcValues(text, clientContext({ folder: '/project', env }));

describe('a file of the user’s own', () => {
  it('has variables replaced as npm does', () => {
    const text =
      'registry=https://${HOST}/\n//${HOST}/:_authToken=${TOKEN}\n//x/:_auth=${NONE}\n//y/:_auth=${NONE?}\n//z/:_auth=${NONE-other}';
    expect(userSettings([...read(text).values])).toMatchObject({
      registry: 'https://r.test/',
      byPlace: {
        '//r.test/:_authToken': 'secret',
        '//x/:_auth': '${NONE}',
        '//y/:_auth': '',
        '//z/:_auth': '${NONE-other}',
      },
    });
  });

  it('says how registries are reached', () => {
    const text =
      'proxy=http://p.test\nca[]=a\\nb\nca[]=c\nstrict-ssl=false\nfetch-retries=3\nmaxsockets=x\ncache=/c\n@s:registry=https://s.test/\n@t:registry=ftp://t.test/';
    expect(userSettings([...read(text).values])).toEqual({
      scopes: { '@s': 'https://s.test/' },
      byPlace: {},
      network: {
        ca: ['a\nb', 'c'],
        httpProxy: 'http://p.test',
        httpsProxy: 'http://p.test',
        strictSsl: false,
        retries: 3,
      },
      cache: '/c',
      ignored: [],
    });
  });
});

describe('a project’s file', () => {
  const project = (text: string, trusted = false): ReturnType<typeof projectSettings> =>
    projectSettings([...read(text).written], [...read(text).values], () => trusted);

  it('names registries and credentials of its own', () => {
    const text = 'registry=https://r.test/\n@s:registry=https://s.test\n//s.test/:_authToken=abc';
    expect(project(text)).toMatchObject({
      registry: 'https://r.test/',
      scopes: { '@s': 'https://s.test' },
      byPlace: { '//s.test/:_authToken': 'abc' },
    });
  });

  it('has no variable replaced, but in credentials of a registry of the user’s', () => {
    const text = '//r.test/:_authToken=${TOKEN}\nregistry=https://r.test/${TOKEN}';
    expect(project(text)).toMatchObject({
      byPlace: {},
      ignored: ['//r.test/:_authToken', 'registry'],
    });
    const trusted = project(text, true);
    expect(trusted).toMatchObject({
      byPlace: { '//r.test/:_authToken': 'secret' },
      ignored: ['registry'],
    });
    expect(trusted).not.toHaveProperty('registry');
  });

  it('sets nothing by which a connection could be read', () => {
    const text =
      'proxy=x\nhttps-proxy=x\nca=x\ncafile=x\n//r.test/:cafile=x\n//r.test/:keyfile=x\nstrict-ssl=false\ncache=/x';
    expect(project(text, true)).toEqual({ scopes: {}, byPlace: {}, network: {}, ignored: [] });
  });
});

describe('.yarnrc.yml', () => {
  it('says the same in other words', () => {
    const values = new Map<string, unknown>([
      ['npmRegistryServer', 'https://r.test'],
      ['npmAuthToken', 'abc'],
      ['npmScopes', { s: { npmRegistryServer: 'https://s.test/x', npmAuthIdent: 'u:p' } }],
      ['npmRegistries', { '//t.test/': { npmAuthToken: 'secret' } }],
      ['enableStrictSsl', 'false'],
    ]);
    expect(userSettings(yarnEntries(values))).toMatchObject({
      registry: 'https://r.test',
      scopes: { '@s': 'https://s.test/x' },
      byPlace: {
        '//r.test/:_authToken': 'abc',
        '//s.test/x/:_auth': Buffer.from('u:p').toString('base64'),
        '//t.test/:_authToken': 'secret',
      },
      network: { strictSsl: false },
    });
  });
});

it('a place is a host and a path', () => {
  expect(registryPlace(new URL('https://u:p@r.test:1/a//'))).toBe('//r.test:1/a/');
});
