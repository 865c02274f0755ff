/* The HTTP API: every answer is as its OpenAPI description says, and nobody gets more than their role. */
import { request as send, type RequestListener, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { openApprovals } from '../../../../packages/server/src/approvals/open.ts';
import type { ApprovalsOfGateway } from '../../../../packages/server/src/approvals/gateway-approvals.ts';
import type { Person } from '../../../../packages/server/src/approvals/service.ts';
import { gatewayLog } from '../../../../packages/server/src/gateway/log.ts';
import { attack } from '../../../support/attacks.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { startRegistry, type Registry } from '../../../support/registry.ts';
import {
  hostile,
  jsonOf,
  listening,
  startGateway,
  type Answered,
  type Testing,
} from '../gateway/support.ts';
import { description, expectDescribed } from './described-answers.ts';
import { boss, dev, person } from './support.ts';

const people: Readonly<Record<string, Person>> = {
  reader: person('reader', 'reader'),
  dev,
  boss,
  insider: person('insider', 'approver', ['@acme/*']),
};

const policy = { ...DEFAULT_POLICY, today: new Date().toISOString().slice(0, 10) };

let folder: string;
freshFolder((fresh) => (folder = fresh));
let registry: Registry;
/** In front of the registry: it knows one user. */
let front: Server;
let approvals: ApprovalsOfGateway;
let testing: Testing;
let address: string;
beforeEach(async () => {
  registry = await startRegistry({ auth: { token: 'npm_user', scope: '@acme' } });
  registry.publish({ name: 'evil', tgz: hostile });
  const tool = attack('symlink').build({ name: '@acme/tool', version: '1.0.0' });
  registry.publish({ name: '@acme/tool', tgz: tool });
  approvals = await openApprovals({
    ledger: `${folder}/ledger`,
    policy,
    log: gatewayLog('silent'),
    people: {
      identify: async ({ headers: { authorization = '' } }) =>
        Promise.resolve(people[authorization.replace('Bearer ', '')]),
    },
  });
  const whoami: RequestListener = ({ url = '/', headers, method }, answer) => {
    if (url === '/-/whoami') {
      const isKnown = headers.authorization === 'Bearer npm_user';
      return void answer.writeHead(isKnown ? 200 : 401).end(isKnown ? '{"username":"ann"}' : '{}');
    }
    const { authorization } = headers;
    const sent = send(registry.url + url, {
      method,
      headers: { ...(authorization && { authorization }) },
    });
    sent.end().on('response', (got) => {
      void (async () => {
        const parts: Buffer[] = [];
        for await (const part of got) parts.push(part as Buffer);
        const bytes = Buffer.concat(parts);
        const isJson = String(got.headers['content-type']).includes('json');
        const own = bytes.toString().replaceAll(registry.url, `http://${headers.host}`);
        answer.writeHead(got.statusCode!).end(isJson ? own : bytes);
      })();
    });
  };
  ({ server: front, address } = await listening(whoami));
  testing = await startGateway(address, { approvals, policy });
});
afterEach(async () => {
  await testing.close();
  await approvals.close();
  front.closeAllConnections();
  front.close();
  await registry.close();
});

const BASE = '/-/tarwarden/api/v1';

interface Called {
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls an operation, and holds its answer against the description. */
async function call(
  method: string,
  path: string,
  { as, body, headers }: Called = {},
): Promise<Answered> {
  const answer = await testing.ask(BASE + path, {
    method,
    headers: {
      ...(as !== undefined && { authorization: `Bearer ${as}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  expectDescribed(answer, method, path);
  return answer;
}

async function refusedId(path = '/evil/-/evil-1.0.0.tgz', headers = {}): Promise<string> {
  const answer = await testing.ask(path, { headers });
  const id = /refusals\/([a-z2-7]{26})$/.exec(String(jsonOf(answer)['error']))![1]!;
  await expect.poll(async () => approvals.service.refusal(id)).toBeDefined();
  return id;
}

const until = new Date(Date.now() + 7 * 24 * 60 * 60_000).toISOString().slice(0, 10);

it('goes from a refusal to an approved download, and back', async () => {
  const id = await refusedId();
  expect(jsonOf(await call('GET', `/refusals/${id}`, { as: 'reader' }))).toMatchObject({
    id,
    label: 'evil@1.0.0',
  });
  const asked = await call('POST', `/refusals/${id}/requests`, {
    as: 'dev',
    body: { reason: 'needed' },
  });
  expect(asked.status).toBe(201);
  const number = String(jsonOf(asked)['id']);
  expect(
    jsonOf(await call('GET', '/requests?state=open', { as: 'reader' }))['requests'],
  ).toMatchObject([{ id: number, by: 'dev', state: 'open' }]);
  const body = { reason: 'read it', until };
  const approved = await call('POST', `/requests/${number}/approve`, { as: 'boss', body });
  expect(jsonOf(approved)).toMatchObject({ state: 'approved', decision: { by: 'boss', until } });
  expect((await testing.ask('/evil/-/evil-1.0.0.tgz')).status).toBe(200);
  const revoked = await call('POST', `/requests/${number}/revoke`, {
    as: 'boss',
    body: { reason: 'no more' },
  });
  expect(jsonOf(revoked)).toMatchObject({ state: 'revoked' });
  expect((await testing.ask('/evil/-/evil-1.0.0.tgz')).status).toBe(403);
  const history = (await call('GET', '/history', { as: 'boss' })).body
    .toString()
    .trimEnd()
    .split('\n');
  expect(
    history.map((line) => (JSON.parse(line) as { event: { kind: string } }).event.kind),
  ).toEqual(['requested', 'approved', 'revoked']);
});

it('declines a request', async () => {
  const id = await refusedId();
  await call('POST', `/refusals/${id}/requests`, { as: 'dev', body: { reason: 'needed' } });
  const declined = await call('POST', '/requests/1/decline', {
    as: 'boss',
    body: { reason: 'no' },
  });
  expect(jsonOf(declined)).toMatchObject({ state: 'declined' });
  expect(
    (await call('POST', '/requests/1/decline', { as: 'boss', body: { reason: 'no' } })).status,
  ).toBe(409);
});

it('sends a long list request by request, and never has it whole in memory', async () => {
  const id = await refusedId();
  await call('POST', `/refusals/${id}/requests`, { as: 'dev', body: { reason: 'needed' } });
  const [request] = await approvals.service.requests();
  const many = Array.from({ length: 500 }, (_, at) => ({ ...request!, id: String(at + 1) }));
  approvals.service.requests = async () => Promise.resolve(many);
  const whole = vi.spyOn(JSON, 'stringify');
  const answer = await call('GET', '/requests', { as: 'dev' });
  const longest = Math.max(...whole.mock.results.map(({ value }) => String(value).length));
  whole.mockRestore();
  expect(jsonOf(answer)['requests']).toEqual(many);
  expect(longest).toBeLessThan(answer.body.length / 100);
  const head = await testing.ask(`${BASE}/requests`, {
    method: 'HEAD',
    headers: { authorization: 'Bearer dev' },
  });
  expect([head.status, head.body.length]).toEqual([200, 0]);
});

it('serves its description, which names every operation', async () => {
  const { body } = await call('GET', '/openapi.json');
  expect(JSON.parse(body.toString())).toEqual(description);
  for (const [template, operations] of Object.entries(description.paths))
    for (const method of Object.keys(operations)) {
      const path = template.replace(
        '{id}',
        template.startsWith('/refusals') ? 'a'.repeat(26) : '7',
      );
      const body =
        operations[method]!.requestBody === undefined ? undefined : { reason: 'x', until };
      if (body !== undefined && !template.endsWith('/approve'))
        Reflect.deleteProperty(body, 'until');
      const answer = await call(method.toUpperCase(), path, { as: 'insider', body });
      expect(answer.body.toString()).not.toContain('no such address');
    }
});

describe('people', () => {
  it('unknown ones get 401 everywhere, before anything is looked up', async () => {
    const id = await refusedId();
    const body = { reason: 'x' };
    for (const [method, path, sent] of [
      ['GET', `/refusals/${id}`],
      ['GET', '/requests'],
      ['GET', '/requests/1'],
      ['GET', '/history'],
      ['POST', `/refusals/${id}/requests`, body],
      ['POST', '/requests/1/approve', { ...body, until }],
      ['POST', '/requests/1/decline', body],
      ['POST', '/requests/1/revoke', body],
    ] as const)
      for (const as of [undefined, 'nobody'])
        expect((await call(method, path, { ...(as && { as }), body: sent })).status).toBe(401);
  });

  it('get 403 for what their role does not allow', async () => {
    const id = await refusedId();
    const body = { reason: 'x' };
    expect((await call('POST', `/refusals/${id}/requests`, { as: 'reader', body })).status).toBe(
      403,
    );
    await call('POST', `/refusals/${id}/requests`, { as: 'dev', body });
    expect(
      (await call('POST', '/requests/1/approve', { as: 'dev', body: { ...body, until } })).status,
    ).toBe(403);
    expect((await call('GET', '/history', { as: 'dev' })).status).toBe(403);
  });

  it('see nothing of private packages without a pattern', async () => {
    const headers = { authorization: 'Bearer npm_user' };
    const id = await refusedId('/@acme/tool/-/tool-1.0.0.tgz', headers);
    const body = { reason: 'for @acme' };
    expect((await call('GET', `/refusals/${id}`, { as: 'boss' })).status).toBe(404);
    expect((await call('POST', `/refusals/${id}/requests`, { as: 'boss', body })).status).toBe(404);
    expect((await call('POST', `/refusals/${id}/requests`, { as: 'insider', body })).status).toBe(
      201,
    );
    expect(jsonOf(await call('GET', '/requests', { as: 'boss' }))).toEqual({ requests: [] });
    for (const path of ['/requests/1', '/history'])
      expect((await call('GET', path, { as: 'boss' })).body.toString()).not.toContain('acme');
    expect(
      (await call('POST', '/requests/1/approve', { as: 'boss', body: { ...body, until } })).status,
    ).toBe(404);
    expect(jsonOf(await call('GET', '/requests', { as: 'insider' }))['requests']).toHaveLength(1);
  });

  it('ask with the credentials of the registry, if it lets them read the package', async () => {
    const headers = { authorization: 'Bearer npm_user' };
    const id = await refusedId('/@acme/tool/-/tool-1.0.0.tgz', headers);
    const body = { reason: 'needed' };
    const as = (credentials: string): Called => ({
      body,
      headers: { 'registry-authorization': credentials },
    });
    expect((await call('POST', `/refusals/${id}/requests`, as('Bearer wrong'))).status).toBe(401);
    const asked = await call('POST', `/refusals/${id}/requests`, as('Bearer npm_user'));
    expect(asked.status).toBe(201);
    expect(String(jsonOf(asked)['by'])).toBe('registry:ann');
    expect(
      (
        await call('POST', '/requests/1/approve', {
          ...as('Bearer npm_user'),
          body: { ...body, until },
        })
      ).status,
    ).toBe(401);
  });
});

it('nobody asks as the user of the token with which the gateway asks a registry', async () => {
  const own = { ...testing };
  const scope = {
    scope: '@acme',
    upstream: new URL(address),
    allowedHosts: [],
    credentials: { token: 'npm_user' },
  };
  testing = await startGateway(registry.url, { approvals, policy, scopes: [scope] });
  try {
    const id = await refusedId('/@acme/tool/-/tool-1.0.0.tgz');
    for (const credentials of ['Bearer invented', 'Bearer npm_user']) {
      const headers = { 'registry-authorization': credentials };
      const asked = await call('POST', `/refusals/${id}/requests`, {
        body: { reason: 'needed' },
        headers,
      });
      expect(asked.status).toBe(401);
    }
    expect(await approvals.service.requests()).toEqual([]);
  } finally {
    await testing.close();
    testing = own;
  }
});

describe('bodies', () => {
  it.each([
    [
      'a form',
      { body: 'reason=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
    ],
    ['a form as text', { body: '{"reason":"x"}', headers: { 'content-type': 'text/plain' } }, 415],
    ['no type', { body: '{"reason":"x"}', headers: { 'content-type': '' } }, 415],
    ['no JSON', { body: '{' }, 400],
    ['a list', { body: [] }, 400],
    ['nothing', { body: 'null' }, 400],
    ['no reason', { body: {} }, 400],
    ['a reason that is no text', { body: { reason: 1 } }, 400],
    ['an unknown key', { body: { reason: 'x', until: '2026-12-24' } }, 400],
    ['a long one', { body: { reason: 'x'.repeat(70_000) } }, 413],
  ] as const)('are refused: %s', async (_, sent, status) => {
    const id = await refusedId();
    expect((await call('POST', `/refusals/${id}/requests`, { as: 'dev', ...sent })).status).toBe(
      status,
    );
    expect(jsonOf(await call('GET', '/requests', { as: 'dev' }))).toEqual({ requests: [] });
  });

  it('are not needed to learn that an address does not exist', async () => {
    for (const path of [
      '/',
      '/requests/1/approve/x',
      '/requests/1/delete',
      '/refusals',
      '/nothing',
    ])
      expect((await testing.ask(BASE + path, { method: 'POST' })).status).toBe(404);
    expect((await testing.ask(`${BASE}/requests`, { method: 'DELETE' })).status).toBe(404);
    expect((await call('GET', '/requests?state=many', { as: 'dev' })).status).toBe(400);
    expect((await call('GET', '/refusals/..%2f..%2frefusals.secret', { as: 'dev' })).status).toBe(
      404,
    );
  });
});
