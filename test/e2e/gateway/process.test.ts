/* The gateway as a process that is sent whatever there is, ended at any time, and asked how it is. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { inspect } from '@tarwarden/core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { attacks } from '../../support/attacks.ts';
import { execute } from '../../support/execute.ts';
import { repository } from '../../support/managers.ts';
import { payload } from '../../support/payload.ts';
import { tgz } from '../../support/pkg.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startGateway, startWith, type Gateway } from './support.ts';

const TOKEN = 'Bearer secret-of-mine';
/** Of the registry's tarballs that a client may have. */
const accepted = new Map<string, string>();
const CLEAN = 40;
const errors = attacks.filter(({ level }) => level === 'error');

let registry: Registry;
let sandbox: Sandbox;
let gateway: Gateway;
beforeAll(async () => {
  registry = await startRegistry();
  for (let i = 0; i < CLEAN; i += 1) {
    const name = `clean-${i}`;
    const bytes = tgz({ name, files: { 'a.js': `// ${'x'.repeat(i * 2_000)}\n` } });
    accepted.set(name, digest(bytes));
    registry.publish({ name, tgz: bytes });
    registry.publish({ name: `evil-${i}`, tgz: payload(`evil-${i}`) });
  }
  for (const one of errors) {
    const name = `attack-${one.id}`;
    registry.publish({ name, tgz: one.build({ name }) });
  }
});
afterAll(async () => registry.close());
afterEach(async () => {
  await gateway.end('SIGKILL');
  sandbox.dispose();
});

async function begin(): Promise<void> {
  sandbox = makeSandbox();
  gateway = await startWith(['--upstream', registry.url, '--listen', '127.0.0.1:0'], sandbox);
}

function digest(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('hex');
}

const agent = new Agent({ keepAlive: false, maxSockets: 16 });

interface Got {
  readonly status: number;
  readonly text: string;
  /** Of the body, if it came whole. */
  readonly sha512: string | undefined;
}

async function get(path: string): Promise<Got | undefined> {
  return new Promise((resolve) => {
    const headers = { authorization: TOKEN };
    const sent = request(gateway.url + path, { agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('close', () => {
        const body = Buffer.concat(parts);
        const sha512 = response.complete ? digest(body) : undefined;
        resolve({ status: response.statusCode!, text: body.toString(), sha512 });
      });
    });
    sent.on('error', () => resolve(undefined));
    sent.end();
  });
}

const tarball = (name: string): string => `/${name}/-/${name}-1.0.0.tgz`;

test('every attack is refused, cold and warm, and asked for once', async () => {
  await begin();
  const before = registry.downloads().length;
  for (const _ of ['cold', 'warm'])
    for (const { id } of errors) {
      const got = await get(tarball(`attack-${id}`));
      expect({ id, status: got?.status }).toEqual({ id, status: 403 });
    }
  expect(registry.downloads()).toHaveLength(before + errors.length);
  expect(gateway.held()).toEqual([]);
});

describe('killed and started again under load', () => {
  test('it has completed nothing but what is accepted', async () => {
    await begin();
    const folders = gateway.folders().length;
    const whole: { name: string; sha512: string }[] = [];
    const statuses = new Set<number>();
    let running = true;
    const client = async (start: number): Promise<void> => {
      for (let i = start; running; i += 7) {
        const name = i % 3 === 0 ? `evil-${i % CLEAN}` : `clean-${i % CLEAN}`;
        const got = await get(tarball(name));
        if (got === undefined) continue;
        statuses.add(got.status);
        if (got.status === 200 && got.sha512 !== undefined)
          whole.push({ name, sha512: got.sha512 });
      }
    };
    const clients = Array.from({ length: 8 }, (_, start) => client(start));
    for (const round of [1, 2, 3]) {
      await expect.poll(() => whole.length, { timeout: 60_000 }).toBeGreaterThan(round * 40);
      await gateway.end('SIGKILL');
      gateway = await startGateway(registry.url, sandbox);
    }
    await expect.poll(() => whole.length, { timeout: 60_000 }).toBeGreaterThan(160);
    running = false;
    await Promise.all(clients);
    expect(whole.filter(({ name, sha512 }) => accepted.get(name) !== sha512)).toEqual([]);
    expect(statuses).toEqual(new Set([200, 403]));
    // Elsewhere, it is not certain that a process has ended.
    if (process.platform === 'linux') expect(gateway.folders()).toHaveLength(folders);
  });
});

test('it tells how it is, without names and secrets, and ends when it is told to', async () => {
  await begin();
  expect(await get(tarball('clean-1'))).toMatchObject({ status: 200 });
  expect(await get(tarball('evil-1'))).toMatchObject({ status: 403 });
  expect(await get('/-/user/token/secret-of-mine')).toMatchObject({ status: 404 });
  expect(await get('/-/tarwarden/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
  const ready = await get('/-/tarwarden/readyz');
  expect(ready?.text).toMatch(/^ready: a hostile archive is refused/);
  const metrics = samplesIn((await get('/-/tarwarden/metrics'))!.text);
  expect(metrics.get('tarwarden_inspected_total{result="accept"}')).toBe(1);
  expect(metrics.get('tarwarden_inspected_total{result="reject"}')).toBe(1);
  expect(metrics.get('tarwarden_refused_total{on="download"}')).toBe(1);
  expect(metrics.get('tarwarden_inspect_seconds_count')).toBe(2);
  expect(metrics.get('tarwarden_bytes_held')).toBe(0);
  expect(metrics.get('tarwarden_flights')).toBe(0);
  expect([...metrics.keys()].join('\n')).not.toMatch(/clean-|evil-/);
  const parsed = gateway.log.map((line) => JSON.parse(line) as { msg: string });
  expect(parsed.some(({ msg }) => /evil-1@1\.0\.0/.test(msg))).toBe(true);
  expect(gateway.log.join('\n')).not.toMatch(/secret-of-mine|bearer/i);
  expect(await gateway.end('SIGTERM')).toBe(0);
});

test('an exception in the policy file counts from the next request on, and a broken file changes nothing', async () => {
  sandbox = makeSandbox();
  const policy = join(sandbox.root, 'policy.json');
  const bytes = payload('evil-1');
  const { findings, archive } = inspect(bytes, { expected: { name: 'evil-1', version: '1.0.0' } });
  const exceptions = findings
    .filter(({ level }) => level === 'error')
    .map(({ rule }) => ({
      package: 'evil-1@1.0.0',
      rule,
      sha512: archive.sha512,
      reason: 'looked at',
      expires: '2999-01-01',
    }));
  writeFileSync(policy, '{}', { mode: 0o644 });
  gateway = await startGateway(registry.url, sandbox, {}, { policy });
  const status = async (name: string): Promise<number | undefined> =>
    (await get(tarball(name)))?.status;
  const logged = (text: string): number => gateway.log.filter((line) => line.includes(text)).length;
  expect(await status('evil-1')).toBe(403);
  writeFileSync(policy, JSON.stringify({ exceptions }));
  await expect.poll(async () => status('evil-1'), { timeout: 10_000 }).toBe(200);
  expect(await status('evil-2')).toBe(403);
  const uses = logged('exception used: evil-1@1.0.0');
  expect(await status('evil-1')).toBe(200);
  await expect.poll(() => logged('exception used: evil-1@1.0.0')).toBe(uses + exceptions.length);
  writeFileSync(policy, '{');
  const health = async (): Promise<string> => (await get('/-/tarwarden/readyz'))!.text;
  await expect.poll(health, { timeout: 10_000 }).toContain('degraded: policy file: ');
  expect(await status('evil-1')).toBe(200);
  expect(logged('the changed policy cannot be used, and the one before it counts')).toBe(1);
  writeFileSync(policy, '{}');
  await expect.poll(async () => status('evil-1'), { timeout: 10_000 }).toBe(403);
  expect(await health()).not.toContain('degraded');
});

/** Each line of Prometheus' text is a comment or a sample: a name, labels, a number. */
function samplesIn(text: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.trim().split('\n')) {
    if (/^(?:# (?:HELP|TYPE) \w+ .*)?$/.test(line)) continue;
    const [, name, value] = /^([a-z_]\w*(?:\{[^{}]*\})?) (\S+)$/.exec(line) ?? [];
    expect({ line, number: Number.isNaN(Number(value)) }).toEqual({ line, number: false });
    samples.set(name!, Number(value));
  }
  return samples;
}

test.each([
  [['--listen', '0.0.0.0:0'], /--listen is reachable .* --public-url must be set/],
  [['--public-url', 'ftp://x'], /--public-url must be an http or https address/],
  [['--upstream', 'https://user@registry.example'], /--upstream must be .* without a user name/],
  [['--listen', 'nowhere'], /--listen must be an address with a port/],
  [['--policy', 'nowhere.json'], /nowhere\.json does not exist/],
  [['--check'], /--check needs --config/],
])('%j is wrong usage', async (args, message) => {
  await begin();
  const program = `${repository}/packages/server/bin/tarwarden-server.js`;
  const all = [program, 'gateway', '--upstream', registry.url, ...args];
  const { code, stderr } = await execute(process.execPath, all, {
    cwd: sandbox.project,
    env: sandbox.env,
  });
  expect(code).toBe(2);
  expect(stderr).toMatch(message);
});
