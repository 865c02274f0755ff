// @module-tag postgresql
/* One approval for two gateways that share a database, and for guards on machines that pin the key of its list. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '@tarwarden/core';
import { openApprovals } from '../../../packages/server/src/approvals/open.ts';
import type { ApprovalsOfGateway } from '../../../packages/server/src/approvals/gateway-approvals.ts';
import { gatewayLog } from '../../../packages/server/src/gateway/log.ts';
import { Ledger } from '../../../packages/server/src/sweep/ledger/ledger.ts';
import { execute, type Result } from '../../support/execute.ts';
import { available, repository, runBeside } from '../../support/managers.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startPostgres, type Server } from '../../support/servers.ts';
import { signer } from '../../support/signed-verdicts.ts';
import { startGateway as startHere, type Testing } from '../../unit/server/gateway/support.ts';
import { hostile, makeWorld, managersByGuard } from '../policy/world.ts';
import { makeUser, startGateway, type Gateway } from './support.ts';

const program = join(repository, 'packages/server/bin/tarwarden-server.js');
const guard = join(repository, 'packages/cli/bin/tarwarden.js');
const isFull = process.env['TARWARDEN_E2E_FULL'] === '1';
const EVIL = '/evil/-/evil-1.0.0.tgz';
const key = signer();
const today = new Date().toISOString().slice(0, 10);
const until = new Date(Date.now() + 3 * 24 * 60 * 60_000).toISOString().slice(0, 10);

let postgres: Server;
let registry: Registry;
let sandbox: Sandbox;
let gateways: readonly [Gateway, Gateway];
/** A third server of the ledger, in this process, which knows people. */
let desk: { readonly approvals: ApprovalsOfGateway; readonly testing: Testing };

beforeAll(async () => {
  [postgres, registry] = await Promise.all([startPostgres(), startRegistry()]);
  registry.publish({ name: 'evil', tgz: hostile });
  sandbox = makeSandbox({ registry: registry.url });
  const keyFile = join(sandbox.root, 'approvals.pem');
  writeFileSync(keyFile, key.pem, { mode: 0o600 });
  const env = { ...sandbox.env, TARWARDEN_APPROVALS: postgres.url };
  const more = ['--approvals-key', keyFile];
  gateways = await Promise.all([
    startGateway(registry.url, { env }, more),
    startGateway(registry.url, { env }, more),
  ]);
  const policy = { ...DEFAULT_POLICY, today };
  const approvals = await openApprovals({
    ledger: postgres.url,
    policy,
    log: gatewayLog('silent'),
    people: {
      identify: async ({ headers: { authorization } }) =>
        Promise.resolve(
          ['dev', 'boss']
            .filter((name) => authorization === `Bearer ${name}`)
            .map((name) => {
              const role = name === 'boss' ? ('approver' as const) : ('requester' as const);
              return { name, role, private: [] };
            })[0],
        ),
    },
  });
  desk = { approvals, testing: await startHere(registry.url, { approvals, policy }) };
});
afterAll(async () => {
  await Promise.all(gateways.map(async (gateway) => gateway.end('SIGTERM')));
  await desk.testing.close();
  await desk.approvals.close();
  await Promise.all([postgres.close(), registry.close()]);
  sandbox.dispose();
});

async function approvals(args: readonly string[], token = 'boss'): Promise<Result> {
  const env = { ...sandbox.env, TARWARDEN_SERVER: desk.testing.url, TARWARDEN_TOKEN: token };
  const all = [program, 'approvals', ...args];
  return execute(process.execPath, all, { cwd: sandbox.project, env });
}

const outputOf = ({ stdout, stderr }: Result): string => stdout + stderr;

const statuses = async (): Promise<number[]> =>
  Promise.all(gateways.map(async ({ url }) => (await fetch(url + EVIL)).status));

describe('one approval', () => {
  test('goes from a refusal of npm to an install through the other gateway', async () => {
    const user = makeUser(gateways[0]);
    const refused = await user.install('npm-12', { dependencies: { evil: '1.0.0' } });
    expect(refused.code).toBe(1);
    const id = /\/-\/tarwarden\/refusals\/([a-z2-7]{26})/.exec(outputOf(refused))?.[1];
    expect(id).toBeDefined();
    user.sandbox.dispose();
    await expect.poll(async () => desk.approvals.service.refusal(id!)).toBeDefined();
    const asked = await desk.testing.ask(`/-/tarwarden/api/v1/refusals/${id}/requests`, {
      method: 'POST',
      headers: { authorization: 'Bearer dev', 'content-type': 'application/json' },
      body: '{"reason":"the build needs it"}',
    });
    expect(asked.status).toBe(201);
    const listed = await approvals(['list', '--state', 'open']);
    expect(listed.stdout).toBe('   1  open      evil@1.0.0  dev: the build needs it\n');
    expect(await statuses()).toEqual([403, 403]);
    const denied = await approvals(['approve', '1', '--until', until, '--reason', 'x'], 'dev');
    expect([denied.code, outputOf(denied)]).toEqual([
      1,
      expect.stringContaining('only an approver'),
    ]);
    const approved = await approvals(['approve', '1', '--until', until, '--reason', 'read it']);
    expect([approved.code, outputOf(approved)]).toEqual([
      0,
      expect.stringContaining('request 1: approved'),
    ]);
    await expect.poll(statuses, { interval: 50 }).toEqual([200, 200]);
    const other = makeUser(gateways[1]);
    const installed = await other.install('npm-12', { dependencies: { evil: '1.0.0' } });
    expect([installed.code, other.landed('evil')]).toEqual([0, true]);
    other.sandbox.dispose();
    expect(gateways[1].log.join('\n')).toMatch(
      /exception used: evil@1\.0\.0: duplicate-path.* approved by boss; reason: the build needs it \(asked by dev; approved by boss: read it\)/,
    );
  });

  const all = [...managersByGuard, 'yarn-1' as const].filter((name) => available(name).ok);
  const guards = isFull ? all : all.filter((name) => name !== 'bun' && name !== 'yarn-1');
  test.each(guards)('is used by the guard of %s, which prints it', async (manager) => {
    const world = await makeWorld(manager === 'yarn-1' ? 'npm-12' : manager);
    const install = async (): Promise<Result> =>
      manager === 'yarn-1'
        ? runBeside(manager, guard, ['yarn', 'install'], { sandbox: world.sandbox })
        : world.install();
    const from = `${gateways[0].url}/-/tarwarden/approvals.signed`;
    const pinned = (use: string[]): Record<string, object> => ({
      'tarwarden/policy.json': {
        approvals: { from },
        verdicts: { keys: [{ key: key.text, use }] },
      },
    });
    const config = world.sandbox.env['XDG_CONFIG_HOME'];
    world.sandbox.write(pinned(['verdicts']), config);
    world.project(world.sandbox.project, 'evil');
    const refused = await install();
    expect([refused.code, world.landed('evil')]).toEqual([1, false]);
    world.sandbox.write(pinned(['approvals']), config);
    const installed = await install();
    expect(outputOf(installed)).toContain(
      `approved by boss through ${new URL(from).host}; reason: the build needs it`,
    );
    expect([installed.code, world.landed('evil')]).toEqual([0, true]);
    // Without the approval, nothing that the client or the guard has kept lets it pass.
    world.sandbox.write(pinned(['verdicts']), config);
    rmSync(join(world.sandbox.project, 'node_modules'), { recursive: true });
    const again = await install();
    expect([again.code, world.landed('evil')]).toEqual([1, false]);
    await world.dispose();
  });

  test('ends on both gateways when it is revoked', async () => {
    const revoked = await approvals(['revoke', '1', '--reason', 'no more', '--json']);
    expect(JSON.parse(revoked.stdout)).toMatchObject({ state: 'revoked' });
    await expect.poll(statuses, { interval: 50 }).toEqual([403, 403]);
  });
});

describe('the history', () => {
  test('is exported, and verified', async () => {
    const { stdout } = await approvals(['export']);
    const file = join(sandbox.root, 'history.ndjson');
    writeFileSync(file, stdout);
    const verified = await approvals(['verify', file], '');
    expect([verified.code, verified.stdout]).toEqual([
      0,
      expect.stringMatching(/^3 events, 1 request, [0-9a-f]{64}\n$/),
    ]);
    writeFileSync(file, stdout.replace('read it', 'rejected'));
    const changed = await approvals(['verify', file], '');
    expect([changed.code, outputOf(changed)]).toEqual([
      1,
      expect.stringContaining('line 2 of the ledger was changed'),
    ]);
  });

  test('cannot be changed in the database', async () => {
    // The sweep's tables are in the same database.
    const { pool } = await Ledger.open(postgres.url, () => undefined);
    for (const change of [
      "update tarwarden_approvals.event set line = ''",
      'delete from tarwarden_approvals.event',
      'truncate tarwarden_approvals.event',
    ])
      await expect(pool.query(change)).rejects.toThrow('the ledger of approvals is append-only');
    await pool.end();
  });

  test('goes on after the database was restarted', async () => {
    await postgres.restart();
    const ask = async (): Promise<number> => {
      const id = desk.approvals.service.requests().then(([first]) => first!.refusal.id);
      const asked = await desk.testing.ask(
        `/-/tarwarden/api/v1/refusals/${await id.catch(() => '')}/requests`,
        {
          method: 'POST',
          headers: { authorization: 'Bearer dev', 'content-type': 'application/json' },
          body: '{"reason":"again"}',
        },
      );
      return asked.status;
    };
    await expect.poll(ask, { timeout: 20_000 }).toBe(201);
    const approved = await approvals(['approve', '4', '--until', until, '--reason', 'once more']);
    expect(approved.code).toBe(0);
    await expect.poll(statuses, { timeout: 20_000, interval: 50 }).toEqual([200, 200]);
  });
});
