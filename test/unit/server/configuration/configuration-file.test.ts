/* server.yaml: what it says, every mistake with its line, and the example of the documentation. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfiguration } from '../../../../packages/server/src/configuration/configuration-file.ts';
import type { ServerConfiguration } from '../../../../packages/server/src/configuration/configuration.ts';
import { durationIn, sizeIn } from '../../../../packages/server/src/configuration/quantities.ts';
import { configurationJsonSchema } from '../../../support/configuration-schema.ts';

const NPM = 'registries:\n  npm: { upstream: https://npm.example.com }\n';

const parse = (text: string): ServerConfiguration =>
  parseConfiguration(text, { shown: 'server.yaml', folder: '/etc/tarwarden' });

function mistakesIn(text: string): string[] {
  try {
    parse(text);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').map((line) => line.replace('server.yaml:', ''));
  }
}

describe('a configuration', () => {
  it('needs nothing but a registry', () => {
    expect(parse(NPM)).toEqual({
      listen: '127.0.0.1:4873',
      publicUrl: undefined,
      tls: undefined,
      trustedProxies: [],
      proxy: undefined,
      registries: [
        {
          name: 'npm',
          ecosystem: 'npm',
          upstream: 'https://npm.example.com',
          path: '/',
          host: undefined,
          scopes: [],
          allowHosts: [],
          hideRefused: false,
        },
      ],
      policy: undefined,
      cache: undefined,
      limits: { waitingArchives: undefined, uploads: undefined },
      drain: 5000,
      log: { level: 'info', access: true },
    });
  });

  it('has paths relative to its folder, and the address of a cache as it is', () => {
    const read = parse(
      `${NPM}tls: { certificate: tls.crt, key: /keys/tls.key }\n` +
        'cache: { storage: s3+https://s3.example.com/bucket }\npolicy: policy/tarwarden.json\n',
    );
    expect(read.tls).toEqual({ certificate: '/etc/tarwarden/tls.crt', key: '/keys/tls.key' });
    expect(read.cache?.storage).toBe('s3+https://s3.example.com/bucket');
    expect(read.policy).toBe('/etc/tarwarden/policy/tarwarden.json');
    expect(parse(`${NPM}cache: { storage: cache }`).cache?.storage).toBe('/etc/tarwarden/cache');
  });

  it.each([
    ['50GiB', 50 * 1024 ** 3],
    ['1.5kB', 1500],
    [4096, 4096],
    ['7', 7],
  ])('reads the size %s', (text, bytes) => expect(sizeIn(text)).toBe(bytes));

  it.each([
    ['24h', 86_400_000],
    ['90d', 90 * 86_400_000],
    ['250ms', 250],
  ])('reads the duration %s', (text, milliseconds) => expect(durationIn(text)).toBe(milliseconds));
});

describe('mistakes', () => {
  it.each(
    Object.entries({
      '': ['1: registries is missing'],
      '[]': ['1: the configuration must be an object'],
      'registries: {}': ['1: registries must have at least one registry'],
      'registries: []': ['1: registries must be an object'],
      [`${NPM}listn: x`]: ['3: listn is not a known key (did you mean "listen"?)'],
      [`${NPM}listen: '4873'`]: ['3: listen must be an address with a port, such as 0.0.0.0:4873'],
      [`${NPM}listen: 127.0.0.1:70000`]: ['3: listen must have a port of at most 65535'],
      [`${NPM}listen: 0.0.0.0:1`]: [
        '3: listen is reachable from other machines, so publicUrl must be set: npm and pip need it',
      ],
      [`${NPM}tls: { key: x }`]: ['3: tls.certificate is missing'],
      [`${NPM}trustedProxies: [10.0.0.0/33, 10.0.0.0/8]`]: [
        '3: trustedProxies[0] must be an IP address or a network, such as 10.0.0.0/8',
      ],
      [`${NPM}proxy: { https: 'socks5://x', noProxy: a }`]: [
        '3: proxy.https must be an http or https address of a proxy, without a path',
        '3: proxy.noProxy must be a list',
      ],
      [`${NPM}cache:\n  storage: x\n  bytes: 5 apples\n  staleIfError: 24\n`]: [
        '5: cache.bytes must be a size, such as 512MiB or 50GiB',
        '6: cache.staleIfError must be a duration, such as 90s, 24h or 90d',
      ],
      [`${NPM}limits: { connections: 0 }`]: [
        '3: limits.connections must be a whole number, 1 or more',
      ],
      [`${NPM}log: { level: loud }`]: ['3: log.level must be debug, info, warn, error, or silent'],
      [`${NPM}log: &a [*a]`]: ['3: log must be an object'],
      'a: b\na: c': ['2: Map keys must be unique'],
      'a: !!js/function x': ['1: Unresolved tag: tag:yaml.org,2002:js/function'],
      'registries: [': [
        '1: Flow sequence in block collection must be sufficiently indented and end with a ]',
      ],
    }),
  )('%j', (text, expected) => expect(mistakesIn(text)).toEqual(expected));

  it.each(
    Object.entries({
      '{ upstream: x }':
        'upstream must be an http or https address without a user name, a query or a fragment',
      '{ upstream: https://user:secret@npm.example.com }':
        'upstream must be an http or https address without a user name, a query or a fragment',
      '{ upstream: "https://npm.example.com?x" }':
        'upstream must be an http or https address without a user name, a query or a fragment',
      '{ upstream: https://a.example, path: npm }':
        'path must be a path that starts and ends with a slash, such as /npm/',
      '{ upstream: https://a.example, path: /../ }':
        'path must be a path that starts and ends with a slash, such as /npm/',
      '{ upstream: https://a.example, path: /-/x/ }':
        'path must be a path that starts and ends with a slash, such as /npm/',
      '{ upstream: https://a.example, path: /%61/ }':
        'path must be a path that starts and ends with a slash, such as /npm/',
      '{ upstream: https://a.example, host: "A.example:1" }':
        'host must be the lower-case name of a host, without a port',
      '{ upstream: https://a.example, ecosystem: pipy }':
        'ecosystem must be npm, go, pypi, or rubygems',
      '{ upstream: https://a.example, ecosystem: go, hideRefused: true }':
        'hideRefused is for npm alone',
      '{ upstream: https://a.example, ecosystem: go, scopes: { "@a": https://b.example } }':
        'scopes are for npm alone',
      '{ upstream: https://a.example, scopes: { "@A": https://b.example } }':
        'scopes."@A" is not a scope in lower case, such as @acme',
      '{ upstream: https://a.example, scopes: { "@a": 5 } }':
        'scopes."@a" must be an http or https address without a user name, a query or a fragment, or an object with upstream',
      '{ upstream: https://a.example, scopes: { "@a": { upstream: https://b.example, credentials: all } } }':
        'scopes."@a".credentials must be pass, or an object with tokenFile',
      '{ upstream: https://a.example, scopes: { "@a": { upstream: https://b.example, credentials: { tokenFile: t } } } }':
        'scopes."@a" uses a token of the gateway, so everybody who can ask the gateway can read this scope: confirm this with readableByAll: true',
    }),
  )('of a registry: %s', (registry, expected) => {
    expect(mistakesIn(`registries:\n  npm: ${registry}`)).toEqual([
      `2: registries.npm.${expected}`,
    ]);
  });

  it('are two registries at one place, and names that YAML or JavaScript would lose', () => {
    expect(
      mistakesIn(
        'registries:\n  a: { upstream: https://a.example }\n  b: { upstream: https://b.example, path: / }',
      ),
    ).toEqual([
      '3: registries.b has the same host and path as the registry a: give it another path or host',
    ]);
    for (const name of ['__proto__', 'constructor', 'prototype'])
      expect(mistakesIn(`${NPM}  ${name}: { upstream: https://a.example }`)).toEqual([
        '1: registries must not have a key called __proto__, constructor or prototype',
      ]);
  });

  it('is a host without publicUrl, because documents would name another registry', () => {
    const registry = 'registries:\n  a: { upstream: https://a.example, host: a.example.com }\n';
    expect(mistakesIn(registry)).toEqual(['2: registries.a.host needs publicUrl for npm']);
    expect(mistakesIn(`${registry}publicUrl: https://b.example\n`)).toEqual([]);
    expect(mistakesIn(registry.replace('{', '{ ecosystem: go,'))).toEqual([]);
  });

  it('do not show the values of the file', () => {
    const secret = 'proxy-password';
    const texts = [
      `${NPM}proxy: { https: 'http://user:${secret}@proxy.example.com/path' }`,
      `${NPM}cache: { storage: ['${secret}'] }`,
      `registries: { npm: { upstream: 'https://user:${secret}@npm.example.com' } }`,
    ];
    for (const text of texts) {
      expect(mistakesIn(text)).not.toEqual([]);
      expect(mistakesIn(text).join()).not.toContain(secret);
    }
  });

  it('are reported for a bomb of aliases', () => {
    const bomb = ['a0: &a0 [x, x]'];
    for (let index = 1; index < 20; index += 1)
      bomb.push(`a${index}: &a${index} [*a${index - 1}, *a${index - 1}]`);
    expect(mistakesIn(bomb.join('\n'))).toEqual(['server.yaml contains too many aliases']);
  });
});

describe('the JSON schema', () => {
  it('is the published one (write it again with `node scripts/run-ts.mjs scripts/policy-schema.ts`)', () => {
    const published: unknown = JSON.parse(
      readFileSync('schema/tarwarden-server.schema.json', 'utf8'),
    );
    expect(configurationJsonSchema()).toEqual(published);
  });
});
