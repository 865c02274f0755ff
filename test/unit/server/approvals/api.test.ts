/* The HTTP API: every answer is as its OpenAPI description says. */
import { describe, expect, it, vi } from 'vitest';
import { jsonOf } from '../gateway/support.ts';
import { BASE, until, useApi } from './called-api.ts';
import { description } from './described-answers.ts';

const api = useApi();
const { call, refusedId } = api;

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
  expect((await api.testing.ask('/evil/-/evil-1.0.0.tgz')).status).toBe(200);
  const revoked = await call('POST', `/requests/${number}/revoke`, {
    as: 'boss',
    body: { reason: 'no more' },
  });
  expect(jsonOf(revoked)).toMatchObject({ state: 'revoked' });
  expect((await api.testing.ask('/evil/-/evil-1.0.0.tgz')).status).toBe(403);
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
  const [request] = await api.approvals.service.requests();
  const many = Array.from({ length: 500 }, (_, at) => ({ ...request!, id: String(at + 1) }));
  api.approvals.service.requests = async () => Promise.resolve(many);
  const whole = vi.spyOn(JSON, 'stringify');
  const answer = await call('GET', '/requests', { as: 'dev' });
  const longest = Math.max(...whole.mock.results.map(({ value }) => String(value).length));
  whole.mockRestore();
  expect(jsonOf(answer)['requests']).toEqual(many);
  expect(longest).toBeLessThan(answer.body.length / 100);
  const head = await api.testing.ask(`${BASE}/requests`, {
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
      expect((await api.testing.ask(BASE + path, { method: 'POST' })).status).toBe(404);
    expect((await api.testing.ask(`${BASE}/requests`, { method: 'DELETE' })).status).toBe(404);
    expect((await call('GET', '/requests?state=many', { as: 'dev' })).status).toBe(400);
    expect((await call('GET', '/refusals/..%2f..%2frefusals.secret', { as: 'dev' })).status).toBe(
      404,
    );
  });
});
