/* A gateway with approvals: what it does about a bad ledger, and what its signed list tells. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openApprovalList } from '@tarwarden/host/signed-approvals';
import {
  approve,
  EVIL,
  refusedId,
  TOKEN,
  TOOL,
  useApprovingGateways,
} from './approving-gateway.ts';
import { boss, NOON } from './support.ts';

const DAY = 24 * 60 * 60_000;

const gateways = useApprovingGateways();
const { start } = gateways;

describe('a ledger that is not believed', () => {
  it('makes the server say that it is not ready, and no approval counts', async () => {
    const server = await start();
    await approve(server, await refusedId(server));
    expect((await server.testing.ask(EVIL)).status).toBe(200);
    writeFileSync(`${gateways.folder}/ledger/events.ndjson`, '{}\n');
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
  rmSync(`${gateways.folder}/ledger/events.ndjson`, { force: true });
  mkdirSync(`${gateways.folder}/ledger/events.ndjson`);
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
      const list = await openApprovalList(body.toString(), {
        keys: [gateways.key.pinned[0]!],
        now: gateways.clock,
      });
      expect(list).toMatchObject({
        number: 4,
        issued: gateways.clock,
        notAfter: gateways.clock + DAY,
      });
      return list.exceptions.map((exception) => `${exception.package} ${exception.by}`);
    };
    expect(await listed(LIST)).toEqual(['evil@1.0.0 boss']);
    expect(await listed(`${LIST}?sha512=${sha512}`)).toEqual(['@acme/tool@1.0.0 boss']);
    expect(await listed(`${LIST}?sha512=${'0'.repeat(128)}`)).toEqual([]);
    expect((await server.testing.ask(`${LIST}?sha512=x`)).status).toBe(400);
    expect((await server.testing.ask(LIST, { method: 'POST' })).status).toBe(404);
    gateways.clock = Date.parse('2026-12-01T00:00:00.000Z');
    expect(await listed(LIST)).toEqual([]);
  });

  it('is not made for each question, because everybody may ask, and is new after each event', async () => {
    const server = await start();
    const list = async (): Promise<string> => (await server.testing.ask(LIST)).body.toString();
    const id = await approve(server, await refusedId(server));
    const first = await list();
    gateways.clock += 1_000;
    expect(await list()).toBe(first);
    await server.approvals.service.revoke(id, { by: boss, reason: 'no longer' });
    const second = await list();
    gateways.clock += 60_000;
    const third = await list();
    const opened = [];
    for (const text of [first, second, third]) {
      const { number, issued, exceptions } = await openApprovalList(text, {
        keys: [gateways.key.pinned[0]!],
        now: gateways.clock,
      });
      opened.push([number, issued - NOON, exceptions.length]);
    }
    expect(opened).toEqual([
      [2, 0, 1],
      [3, 1_000, 0],
      [3, 61_000, 0],
    ]);
  });
});
