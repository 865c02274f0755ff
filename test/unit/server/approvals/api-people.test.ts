/* The HTTP API: nobody gets more than their role. */
import { describe, expect, it } from 'vitest';
import { jsonOf, startGateway } from '../gateway/support.ts';
import { policy, until, useApi, type Called } from './called-api.ts';

const api = useApi();
const { call, refusedId } = api;

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
  const own = api.testing;
  const scope = {
    scope: '@acme',
    upstream: new URL(api.address),
    allowedHosts: [],
    credentials: { token: 'npm_user' },
  };
  const { approvals } = api;
  api.testing = await startGateway(api.registry.url, { approvals, policy, scopes: [scope] });
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
    await api.testing.close();
    api.testing = own;
  }
});
