/* A gateway with approvals: what refusals say, when an approval counts, and what its list tells. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { openApprovalList } from '@tarwarden/host/signed-approvals';
import { openApprovals } from '../../../../packages/server/src/approvals/open.ts';
import type { ApprovalsOfGateway } from '../../../../packages/server/src/approvals/gateway-approvals.ts';
import { gatewayLog } from '../../../../packages/server/src/gateway/log.ts';
import { attack } from '../../../support/attacks.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { startRegistry, type Registry } from '../../../support/registry.ts';
import { signer } from '../../../support/signed-verdicts.ts';
import { clean, hostile, jsonOf, startGateway, type Testing } from '../gateway/support.ts';
import { boss, dev, NOON } from './support.ts';

const key = signer();
const DAY = 24 * 60 * 60_000;

let folder: string;
freshFolder((fresh) => (folder = fresh));

let registry: Registry;
let clock: number;
const opened: { readonly approvals: ApprovalsOfGateway; readonly testing: Testing }[] = [];
beforeEach(async () => {
  clock = NOON;
  registry = await startRegistry({ auth: { token: 'secret', scope: '@acme' } });
  registry.publish({ name: 'clean', tgz: clean });
  registry.publish({ name: 'evil', tgz: hostile });
  registry.publish({
    name: '@acme/tool',
    tgz: attack('symlink').build({ name: '@acme/tool', version: '1.0.0' }),
  });
});
afterEach(async () => {
  for (const { approvals, testing } of opened.splice(0)) {
    await testing.close();
    await approvals.close();
  }
  await registry.close();
});

/** The policy of each day is one object, as LivePolicy has it. */
const policies = new Map<string, typeof DEFAULT_POLICY>();
function policyToday(): typeof DEFAULT_POLICY {
  const today = new Date(clock).toISOString().slice(0, 10);
  const policy = policies.get(today) ?? { ...DEFAULT_POLICY, today };
  policies.set(today, policy);
  return policy;
}

async function start(
  more: object = {},
): Promise<{ approvals: ApprovalsOfGateway; testing: Testing }> {
  const approvals = await openApprovals({
    ledger: `${folder}/ledger`,
    key: key.key,
    policy: policyToday,
    log: gatewayLog('silent'),
    now: () => clock,
  });
  const testing = await startGateway(registry.url, { policy: policyToday, approvals, ...more });
  const both = { approvals, testing };
  opened.push(both);
  return both;
}

const EVIL = '/evil/-/evil-1.0.0.tgz';
const TOOL = '/@acme/tool/-/tool-1.0.0.tgz';
const TOKEN = { authorization: 'Bearer secret' };

/** The id at the end of a refusal. */
async function refusedId(
  { testing }: { testing: Testing },
  path = EVIL,
  headers = {},
): Promise<string> {
  const answer = await testing.ask(path, { headers });
  expect(answer.status).toBe(403);
  return /refusals\/([a-z2-7]{26})$/.exec(String(jsonOf(answer)['error']))![1]!;
}

async function approve(
  { approvals }: { approvals: ApprovalsOfGateway },
  id: string,
  until = '2026-11-30',
): Promise<string> {
  const { service } = approvals;
  await expect.poll(async () => service.refusal(id)).toBeDefined();
  const by = { ...boss, private: ['*'] };
  const request = await service.ask(id, { by: { ...dev, private: ['*'] }, reason: 'needed' });
  await service.approve(request.id, { by, reason: 'read it', until });
  return request.id;
}

describe('a refusal', () => {
  it('names the page in the reason phrase, the body and the notice', async () => {
    const server = await start();
    const answer = await server.testing.ask(EVIL);
    const { port } = new URL(server.testing.url);
    const page = `http://localhost:${port}/-/tarwarden/refusals/`;
    expect(answer.phrase).toMatch(
      new RegExp(`^tarwarden: evil@1.0.0 is refused: .* ${page}[a-z2-7]{26}$`),
    );
    expect(answer.phrase.length).toBeLessThanOrEqual(200);
    expect(String(jsonOf(answer)['error'])).toMatch(new RegExp(` ${page}[a-z2-7]{26}$`));
    expect(answer.headers['npm-notice']).toMatch(new RegExp(` ${page}[a-z2-7]{26}$`));
    expect(await refusedId(server)).toBe(await refusedId(server));
  });

  it('keeps a long address whole, and cuts the reason', async () => {
    const publicUrl = `https://${'packages.'.repeat(15)}example.com`;
    const server = await start({ publicUrl });
    const { phrase } = await server.testing.ask(EVIL);
    expect(phrase).toMatch(/^tarwarden: evil@1\.0\.0 is refused: .*\.\.\. https:\/\//);
    expect(phrase).toMatch(/example\.com\/-\/tarwarden\/refusals\/[a-z2-7]{26}$/);
  });

  it('of a publication names the page too', async () => {
    const server = await start();
    const data = attack('symlink').build({ name: 'mine', version: '1.0.0' }).toString('base64');
    const body = JSON.stringify({
      name: 'mine',
      versions: { '1.0.0': { name: 'mine', version: '1.0.0', dist: {} } },
      _attachments: { 'mine-1.0.0.tgz': { data } },
    });
    const answer = await server.testing.ask('/mine', {
      method: 'PUT',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(403);
    expect(String(jsonOf(answer)['error'])).toMatch(
      / http\S+\/-\/tarwarden\/refusals\/[a-z2-7]{26}$/,
    );
  });

  it('is of a private package unless the registry shows the document without credentials', async () => {
    const server = await start();
    const { service } = server.approvals;
    const [evilId, toolId] = [
      await refusedId(server, EVIL, TOKEN),
      await refusedId(server, TOOL, TOKEN),
    ];
    await expect.poll(async () => (await service.refusal(evilId))?.isPrivate).toBe(false);
    await expect.poll(async () => (await service.refusal(toolId))?.isPrivate).toBe(true);
    await expect
      .poll(
        () =>
          registry.log.filter(({ path, status }) => path.includes('acme') && status === 401).length,
      )
      .toBe(1);
    expect((await service.refusal(toolId))?.isPrivate).toBe(true);
  });
});

describe('an approval', () => {
  it('lets the archive pass on every server, and leaves the verdicts of others', async () => {
    const [own, other] = [await start(), await start()];
    for (const { testing } of [own, other])
      expect((await testing.ask('/clean/-/clean-1.0.0.tgz')).status).toBe(200);
    const id = await refusedId(own);
    expect(await refusedId(other)).toBe(id);
    const request = await approve(own, id);
    expect((await own.testing.ask(EVIL)).body.equals(hostile)).toBe(true);
    await expect.poll(async () => (await other.testing.ask(EVIL)).status).toBe(200);
    expect(
      own.testing.log.some(({ msg }) =>
        /exception used: evil@1\.0\.0: .* approved by boss; reason: needed \(asked by dev/.test(
          String(msg),
        ),
      ),
    ).toBe(true);
    const { count } = own.testing.inspected;
    expect((await own.testing.ask('/clean/-/clean-1.0.0.tgz')).status).toBe(200);
    expect(own.testing.inspected.count).toBe(count);
    await own.approvals.service.revoke(request, { by: boss, reason: 'no more' });
    expect((await own.testing.ask(EVIL)).status).toBe(403);
    await expect.poll(async () => (await other.testing.ask(EVIL)).status).toBe(403);
  });

  it('ends at midnight UTC', async () => {
    const server = await start();
    await approve(server, await refusedId(server), '2026-12-01');
    expect((await server.testing.ask(EVIL)).status).toBe(200);
    clock = Date.parse('2026-12-01T23:59:59.999Z');
    expect((await server.testing.ask(EVIL)).status).toBe(200);
    clock += 1;
    expect((await server.testing.ask(EVIL)).status).toBe(403);
  });

  it('shows the version in documents again that leave out refused ones', async () => {
    const server = await start({ hideRefused: true });
    const id = await refusedId(server);
    const versions = async (): Promise<string[]> =>
      Object.keys(jsonOf(await server.testing.ask('/evil'))['versions'] as object);
    expect(await versions()).toEqual([]);
    await approve(server, id);
    expect(await versions()).toEqual(['1.0.0']);
  });

  it('is not for other bytes of the same version', async () => {
    const server = await start();
    await approve(server, await refusedId(server));
    registry.publish({
      name: 'evil',
      tgz: attack('hardlink').build({ name: 'evil', version: '1.0.0' }),
    });
    await server.testing.ask('/evil');
    expect((await server.testing.ask(EVIL)).status).toBe(403);
  });
});

describe('a ledger that is not believed', () => {
  it('makes the server say that it is not ready, and no approval counts', async () => {
    const server = await start();
    await approve(server, await refusedId(server));
    expect((await server.testing.ask(EVIL)).status).toBe(200);
    writeFileSync(`${folder}/ledger/events.ndjson`, '{}\n');
    await expect.poll(async () => (await server.testing.ask(EVIL)).status).toBe(403);
    await expect
      .poll(async () => (await server.testing.ask('/-/tarwarden/readyz')).status)
      .toBe(503);
    expect((await server.testing.ask('/-/tarwarden/readyz')).body.toString()).toMatch(
      /^not ready: the ledger of approvals/,
    );
    expect((await server.testing.ask('/-/tarwarden/approvals.signed')).status).toBe(503);
    expect((await server.testing.ask('/clean/-/clean-1.0.0.tgz')).status).toBe(200);
  });
});

it('a ledger that cannot be read leaves the server ready, and readyz says so', async () => {
  const server = await start();
  rmSync(`${folder}/ledger/events.ndjson`, { force: true });
  mkdirSync(`${folder}/ledger/events.ndjson`);
  const readyz = async (): Promise<string> => {
    const { status, body } = await server.testing.ask('/-/tarwarden/readyz');
    return `${status} ${body.toString()}`;
  };
  await expect
    .poll(readyz)
    .toMatch(/^200 ready: [^\n]*\ndegraded: approvals: the ledger cannot be read\n/);
});

describe('the signed list', () => {
  const LIST = '/-/tarwarden/approvals.signed';

  it('has the exceptions of public packages, and those of a private one for whoever knows its digest', async () => {
    const server = await start();
    await approve(server, await refusedId(server));
    const id = await refusedId(server, TOOL, TOKEN);
    await approve(server, id);
    const { sha512 } = (await server.approvals.service.refusal(id))!;
    const listed = async (target: string): Promise<string[]> => {
      const { body } = await server.testing.ask(target);
      const list = await openApprovalList(body.toString(), { keys: [key.pinned[0]!], now: clock });
      expect(list).toMatchObject({ number: 4, issued: clock, notAfter: clock + DAY });
      return list.exceptions.map((exception) => `${exception.package} ${exception.by}`);
    };
    expect(await listed(LIST)).toEqual(['evil@1.0.0 boss']);
    expect(await listed(`${LIST}?sha512=${sha512}`)).toEqual(['@acme/tool@1.0.0 boss']);
    expect(await listed(`${LIST}?sha512=${'0'.repeat(128)}`)).toEqual([]);
    expect((await server.testing.ask(`${LIST}?sha512=x`)).status).toBe(400);
    expect((await server.testing.ask(LIST, { method: 'POST' })).status).toBe(404);
    clock = Date.parse('2026-12-01T00:00:00.000Z');
    expect(await listed(LIST)).toEqual([]);
  });
});

it('a gateway without approvals has none of these addresses, and refuses as before', async () => {
  const testing = await startGateway(registry.url);
  const answer = await testing.ask(EVIL);
  expect(answer.phrase).not.toContain('http');
  for (const path of ['api/v1/requests', 'api/v1/openapi.json', 'approvals.signed'])
    expect((await testing.ask(`/-/tarwarden/${path}`)).status).toBe(404);
  await testing.close();
});
