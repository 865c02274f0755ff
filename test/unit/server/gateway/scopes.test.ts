/* Scopes with a registry of their own: no other registry answers for their packages, and credentials go where they belong. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRegistry, type Registry } from '../../../support/registry.ts';
import { GatewayUpstream } from '../../../../packages/server/src/gateway/upstream.ts';
import { jsonOf, listening, startGateway, type Testing } from './support.ts';

const CLIENT = { authorization: 'Bearer of-the-client', 'npm-otp': '123456' };

let main: Registry;
let acme: Registry;
let partner: Registry;
let own: Registry;
let testing: Testing;

beforeAll(async () => {
  [main, acme, partner, own] = [
    await startRegistry(),
    await startRegistry(),
    await startRegistry(),
    await startRegistry({ auth: { token: 'of-the-gateway' } }),
  ];
  // Somebody has published packages of the same names at the main registry.
  for (const name of ['@acme/tool', '@ACME/tool', '@partner/tool', '@own/tool', 'plain'])
    main.publish({ name, version: '9.9.9' });
  acme.publish({ name: '@acme/tool', version: '1.0.0' });
  partner.publish({ name: '@partner/tool', version: '1.0.0' });
  own.publish({ name: '@own/tool', version: '1.0.0' });
  const allowedHosts: string[] = [];
  testing = await startGateway(main.url, {
    registries: [
      {
        upstream: new URL(main.url),
        scopes: [
          { scope: '@acme', upstream: new URL(acme.url), credentials: 'none', allowedHosts },
          { scope: '@partner', upstream: new URL(partner.url), credentials: 'pass', allowedHosts },
          {
            scope: '@own',
            upstream: new URL(own.url),
            credentials: { token: 'of-the-gateway' },
            allowedHosts,
          },
        ],
      },
    ],
  });
});
afterAll(async () => {
  await testing.close();
  for (const registry of [main, acme, partner, own]) await registry.close();
});
beforeEach(() => {
  for (const { log } of [main, acme, partner, own]) log.length = 0;
});

const versionsAt = async (target: string, headers = {}): Promise<unknown> => {
  const answered = await testing.ask(target, { headers });
  return answered.status === 200
    ? Object.keys(jsonOf(answered)['versions'] as object)
    : answered.status;
};
const asked = (): number[] => [main, acme, partner, own].map(({ log }) => log.length);

describe('a package of a routed scope', () => {
  it.each(['/@acme/tool', '/@acme%2ftool', '/%40acme%2ftool', '/%40acme/tool', '/@%61cme%2Ftool'])(
    'comes from the registry of the scope: %s',
    async (target) => {
      expect(await versionsAt(target)).toEqual(['1.0.0']);
      expect(main.log).toEqual([]);
    },
  );

  it.each([
    '/@ACME/tool',
    '/@Acme%2ftool',
    '/%40ACME%2ftool/9.9.9',
    '/@acme/tool/9.9.9',
    '/@acme/tool/-/tool-9.9.9.tgz',
    '/@acme/tool/-/@acme/tool-9.9.9.tgz',
    '/@acme%252ftool',
    '/x/../@acme/tool',
    '//@acme/tool',
    '/./@acme/tool',
    '/ @acme/tool'.replace(' ', '%20'),
    '/@acme%2ftool%2f..%2ftool',
  ])('never comes from the main registry: %s', async (target) => {
    expect((await testing.ask(target)).status).toBe(404);
    expect(main.log).toEqual([]);
  });

  it.each([
    '/-/package/@acme%2ftool/dist-tags',
    '/-/package/%40ACME%2ftool/dist-tags',
    '/-/package/@acme/tool/access',
    '/-/package/%20@acme%2ftool/dist-tags',
    '/-/npm/v1/attestations/@acme%2ftool@1.0.0',
    '/-/org/acme/package',
    '/-/team/acme/developers/package',
    '/-/team/@acme/developers/user',
  ])('has its API at the registry of the scope: %s', async (target) => {
    await testing.ask(target, { headers: CLIENT });
    // The access log has asked the main registry for the name of the user.
    expect(main.log.filter(({ path }) => path !== '/-/whoami')).toEqual([]);
    expect(asked().slice(1)).toEqual([1, 0, 0]);
  });

  it('is published to the registry of the scope alone', async () => {
    const body = JSON.stringify({ name: '@acme/tool', versions: {} });
    await testing.ask('/@acme%2ftool', { method: 'PUT', body });
    await testing.ask('/@ACME%2ftool/-rev/1-a', { method: 'DELETE' });
    expect(main.log).toEqual([]);
    expect(acme.log.map(({ method }) => method)).toEqual(['PUT', 'DELETE']);
  });

  it('is not mixed with another scope in one request', async () => {
    const target = '/-/package/@acme%2ftool/@partner%2ftool';
    expect((await testing.ask(target)).status).toBe(404);
    expect(asked()).toEqual([0, 0, 0, 0]);
  });
});

describe('other requests', () => {
  it.each([
    '/plain',
    '/-/whoami',
    '/-/v1/search?text=@acme/tool',
    '/-/org/other/package',
    '/-/user/org.couchdb.user:bob@acme.example',
    '/@acmeother%2ftool',
  ])('go to the main registry: %s', async (target) => {
    await testing.ask(target);
    expect(asked()).toEqual([1, 0, 0, 0]);
  });
});

describe('the credentials of a client', () => {
  it('go to the main registry, and to scopes that the operator has named', async () => {
    await testing.ask('/plain', { headers: CLIENT });
    await testing.ask('/@partner%2ftool', { headers: CLIENT });
    for (const { log } of [main, partner])
      expect(log.at(-1)!.headers.authorization).toBe(CLIENT.authorization);
  });

  it('go to no other scope, for documents, tarballs and its API', async () => {
    for (const target of [
      '/@acme%2ftool',
      '/@acme/tool/-/tool-1.0.0.tgz',
      '/-/package/@acme%2ftool/dist-tags',
    ])
      await testing.ask(target, { headers: CLIENT });
    await testing.ask('/@acme%2ftool', {
      method: 'PUT',
      headers: CLIENT,
      body: JSON.stringify({ name: '@acme/tool', versions: {} }),
    });
    expect(acme.log.length).toBeGreaterThan(3);
    expect(acme.log.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });
});

describe('a scope that the gateway reads with its own token', () => {
  it('is read by everybody, and the token of the client stays here', async () => {
    expect(await versionsAt('/@own%2ftool')).toEqual(['1.0.0']);
    expect(await versionsAt('/@own%2ftool', CLIENT)).toEqual(['1.0.0']);
    expect(await testing.ask('/@own/tool/-/tool-1.0.0.tgz')).toMatchObject({ status: 200 });
    const sent = new Set(own.log.map(({ headers }) => headers.authorization));
    expect([...sent]).toEqual(['Bearer of-the-gateway']);
  });

  it.each([
    ['PUT', '/@own%2ftool'],
    ['DELETE', '/@own%2ftool/-rev/1-a'],
    ['PUT', '/-/package/@own%2ftool/dist-tags/latest'],
    ['GET', '/-/org/own/user'],
    ['GET', '/-/package/@own%2ftool/collaborators'],
  ])('cannot be used for anything else: %s %s', async (method, target) => {
    const answered = await testing.ask(target, { method, headers: CLIENT });
    expect(answered.status).toBe(403);
    expect(answered.body.toString()).toContain('can only be read here');
    expect(own.log).toEqual([]);
  });
});

it('allows a host in whatever letters the operator has written it', () => {
  const upstream = new GatewayUpstream({
    url: new URL(main.url),
    allowedHosts: ['Files.Example.com', 'b.example:8080'],
    connections: { own: 1, api: 1 },
  });
  const names = ['https://files.example.com/x', 'https://B.example:8080/', 'https://b.example/'];
  expect(names.map((name) => upstream.mayName(new URL(name)))).toEqual([true, true, false]);
});

describe('the readers of a registry', () => {
  it('are named by the credentials that the registry gets', () => {
    const named = (credentials: 'pass' | 'none' | { token: string }, headers = {}): string => {
      const upstream = new GatewayUpstream({
        url: new URL(main.url),
        allowedHosts: [],
        connections: { own: 1, api: 1 },
        credentials,
      });
      return upstream.readerOf(headers);
    };
    const anonymous = named('pass');
    expect(named('none', CLIENT)).toBe(anonymous);
    const reads = [
      anonymous,
      named('pass', CLIENT),
      named({ token: 'of-the-gateway' }),
      named({ token: 'another' }),
    ];
    expect(new Set(reads).size).toBe(reads.length);
    expect(named({ token: 'of-the-gateway' }, CLIENT)).toBe(named({ token: 'of-the-gateway' }));
  });

  it('that ask for the same address with other credentials share no answer', async () => {
    const both = await startGateway(own.url, {
      registries: [
        {
          upstream: new URL(own.url),
          path: '/token/',
          scopes: [
            {
              scope: '@own',
              upstream: new URL(own.url),
              credentials: { token: 'of-the-gateway' },
              allowedHosts: [],
            },
          ],
        },
        { upstream: new URL(own.url), path: '/plain/' },
      ],
    });
    const targets = ['/@own%2ftool', '/@own/tool/-/tool-1.0.0.tgz'];
    const asking = targets.flatMap((target) =>
      ['/token', '/plain'].map(async (path) => (await both.ask(path + target)).status),
    );
    expect(await Promise.all(asking)).toEqual([200, 401, 200, 401]);
  });
});

it('sends the gateway’s own token to no other host, and not after a redirect back', async () => {
  const tokens: (string | undefined)[] = [];
  const { address: elsewhere } = await listening((request, response) => {
    tokens.push(request.headers.authorization);
    response.writeHead(302, { location: `${home}/secret` }).end();
  });
  const { address: home } = await listening((request, response) => {
    tokens.push(request.headers.authorization);
    if (request.url!.includes('/-/'))
      return response.writeHead(302, { location: `${elsewhere}/x` }).end();
    const dist = { tarball: `${home}/@own/tool/-/tool-1.0.0.tgz` };
    const versions = { '1.0.0': { name: '@own/tool', version: '1.0.0', dist } };
    return response.end(JSON.stringify({ name: '@own/tool', versions }));
  });
  const scope = {
    scope: '@own',
    upstream: new URL(home),
    credentials: { token: 'of-the-gateway' },
    allowedHosts: [new URL(elsewhere).host],
  };
  const redirected = await startGateway(main.url, { scopes: [scope] });
  await redirected.ask('/@own/tool/-/tool-1.0.0.tgz', { headers: CLIENT });
  const own = 'Bearer of-the-gateway';
  expect(tokens).toEqual([own, own, undefined, undefined]);
});
