/* A guard asks for approvals: which lists count, and that nothing else lets an archive pass. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_POLICY, inspect, type Verdict } from '@tarwarden/core';
import { exceptionsFor } from '@tarwarden/core/report';
import { Inspector, rejected } from '@tarwarden/host';
import { OrganisationApprovals } from '@tarwarden/host/organisation-approvals';
import {
  APPROVALS_VALID_FOR,
  openApprovalList,
  sealApprovalList,
  type ApprovalList,
} from '@tarwarden/host/signed-approvals';
import {
  sealEnvelope,
  canonicalJson,
  verdictFrom,
  type PinnedKeyText,
} from '@tarwarden/host/signed-verdicts';
import { attack } from '../../../support/attacks.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { signer } from '../../../support/signed-verdicts.ts';

const own = signer();
const other = signer();
const bytes = attack('symlink').build({ name: 'evil', version: '1.0.0' });
const expected = { name: 'evil', version: '1.0.0' };
const verdict = inspect(bytes, { expected });
const { sha512 } = verdict.archive;
const expires = new Date(Date.now() + 5 * 24 * 60 * 60_000).toISOString().slice(0, 10);
const exceptions = exceptionsFor(
  { package: 'evil@1.0.0', sha512, findings: verdict.findings },
  { reason: 'needed', expires },
).map((exception) => ({ ...exception, by: 'boss' }));

const list = (more: Partial<ApprovalList> = {}): ApprovalList => {
  const issued = Date.now();
  return {
    ledger: 'a',
    number: 4,
    issued,
    notAfter: issued + APPROVALS_VALID_FOR,
    exceptions,
    ...more,
  };
};

let env: Record<string, string>;
freshFolder((fresh) => {
  env = {
    HOME: fresh,
    XDG_STATE_HOME: join(fresh, 'state'),
    XDG_CACHE_HOME: join(fresh, 'cache'),
    XDG_CONFIG_HOME: join(fresh, 'config'),
  };
});

let server: Server;
let from: string;
let answer: { status: number; body: string } | undefined;
let asked: string[];
let said: string[];
beforeEach(async () => {
  asked = [];
  said = [];
  answer = { status: 200, body: sealApprovalList(list(), own.key) };
  server = createServer((request, response) => {
    asked.push(request.url!);
    if (answer !== undefined)
      response.writeHead(answer.status, { location: '/elsewhere' }).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/-/tarwarden/approvals.signed`;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  server.close();
});

const pinned = (
  use: NonNullable<PinnedKeyText['use']> = ['approvals'],
  text = own.text,
): PinnedKeyText => ({
  key: text,
  use,
});

function inspector(keys: readonly PinnedKeyText[] = [pinned()], address = from): Inspector {
  return new Inspector({
    policy: { ...DEFAULT_POLICY, today: new Date().toISOString().slice(0, 10) },
    env,
    verdicts: { keys, approvalsFrom: address },
    describe: rejected,
    refuse: ({ headline }) => new Error(headline),
  });
}

async function outcome(keys?: readonly PinnedKeyText[], address?: string): Promise<string> {
  const run = inspector(keys, address).inspect({ subject: { expected }, run: () => verdict });
  return run.then(
    ({ status }) => status,
    (error: unknown) => String(error),
  );
}

describe('a guard', () => {
  it('lets an approved archive pass, and prints who approved it through which server', async () => {
    expect(await outcome()).toBe('accept');
    expect(asked).toEqual([`/-/tarwarden/approvals.signed?sha512=${sha512}`]);
    expect(said.join('')).toContain(
      `exception used: evil@1.0.0: symlink in package/link, until ${expires}, approved by boss through ${new URL(from).host}; reason: needed`,
    );
  });

  it('asks for nothing while everything is accepted', async () => {
    const clean = inspect(attack('symlink').build({ name: 'evil', version: '1.0.0' }), {
      expected,
      policy: {
        ...DEFAULT_POLICY,
        today: expires,
        exceptions: exceptions.map(({ by: _by, ...exception }) => exception),
      },
    });
    const guard = inspector();
    expect((await guard.inspect({ subject: { expected }, run: () => clean })).status).toBe(
      'accept',
    );
    expect(asked).toEqual([]);
  });

  it('does not remember the verdict: when the approval ends, the archive is refused', async () => {
    const key = { integrity: verdict.archive.integrity, expected };
    const guard = inspector();
    await guard.inspect({ subject: { expected }, known: key, run: () => verdict });
    expect(guard.store.get(key)?.status).toBe('reject');
    answer = { status: 200, body: sealApprovalList(list({ number: 5, exceptions: [] }), own.key) };
    expect(await outcome()).toMatch(/is refused/);
  });

  it('asks once for an archive', async () => {
    const guard = inspector();
    for (let time = 0; time < 3; time += 1)
      await guard.inspect({ subject: { expected }, run: () => verdict });
    expect(asked).toHaveLength(1);
  });

  it('refuses other bytes and another package', async () => {
    const changed = inspect(attack('hardlink').build({ name: 'evil', version: '1.0.0' }), {
      expected,
    });
    const guard = inspector();
    await expect(guard.inspect({ subject: { expected }, run: () => changed })).rejects.toThrow(
      /is refused/,
    );
    const named = { ...verdict, manifest: { name: 'evil', version: '2.0.0' } };
    const run = (): Verdict => named;
    await expect(
      guard.inspect({ subject: { expected: { name: 'evil', version: '2.0.0' } }, run }),
    ).rejects.toThrow(/is refused/);
  });

  it('refuses what an exception does not cover whole', async () => {
    const guard = inspector();
    for (const more of [
      { omitted: 1 },
      {
        findings: [
          ...verdict.findings,
          { rule: 'hardlink', level: 'error', message: 'x', entry: 'package/y' },
        ],
      },
      { findings: [...verdict.findings, { rule: 'gzip-damaged', level: 'error', message: 'x' }] },
      { findings: verdict.findings.map((finding) => ({ ...finding, entry: 'package/other' })) },
    ] as const) {
      const run = (): Verdict => ({ ...verdict, ...more }) as Verdict;
      await expect(guard.inspect({ subject: { expected }, run })).rejects.toThrow(/is refused/);
    }
  });
});

describe('a list does not count', () => {
  const sealed = (
    more: Partial<ApprovalList>,
    key = own.key,
  ): { status: number; body: string } => ({
    status: 200,
    body: sealApprovalList(list(more), key),
  });
  it.each([
    ['of another key', () => sealed({}, other.key), 'not signed by a key'],
    [
      'that is over',
      () => sealed({ issued: Date.now() - APPROVALS_VALID_FOR, notAfter: Date.now() }),
      'too old',
    ],
    [
      'that would count for longer than a day',
      () => sealed({ notAfter: Date.now() + 2 * APPROVALS_VALID_FOR }),
      'too old',
    ],
    [
      'from the future',
      () => sealed({ issued: Date.now() + 3_600_000, notAfter: Date.now() + 3_700_000 }),
      'from the future',
    ],
    [
      'in an envelope of verdicts',
      () => ({ status: 200, body: sealEnvelope(canonicalJson(list()), own.key) }),
      'not signed by a key',
    ],
    ['with a field more', () => sealed({ more: 1 } as object), 'evil@1.0.0'],
    [
      'that was changed',
      () => ({ status: 200, body: sealed({}).body.replace(/"payload":"../, '"payload":"ey') }),
      '',
    ],
    ['that is missing', () => ({ status: 404, body: '' }), 'it answers 404'],
    ['at another address', () => ({ status: 302, body: '' }), 'it answers 302'],
    ['that is no JSON', () => ({ status: 200, body: '<html>' }), 'not signed by a key'],
  ] as const)('%s', async (name, make, why) => {
    answer = make();
    const result = await outcome();
    if (name === 'with a field more' || name === 'that was changed')
      return expect(result).toMatch(/accept|is refused/);
    expect(result).toMatch(/is refused/);
    expect(said.join('')).toContain(why);
    expect(said.join('').match(/so what is rejected is refused/g)).toHaveLength(1);
  });

  it('of a key that is pinned for verdicts alone', async () => {
    for (const key of [{ key: own.text }, pinned(['verdicts'])]) {
      expect(await outcome([key])).toMatch(/is refused/);
      expect(asked).toEqual([]);
      expect(said.join('')).toContain('pins no key for approvals');
    }
    expect(await outcome([{ key: own.text }, pinned(['approvals'], other.text)])).toMatch(
      /is refused/,
    );
    expect(await outcome([pinned(['verdicts', 'approvals'])])).toBe('accept');
  });

  it('of a key whose last day is over', async () => {
    expect(await outcome([{ ...pinned(), notAfter: '2026-01-01' }])).toMatch(/is refused/);
  });

  it('that is older than one that this machine has seen', async () => {
    answer = sealed({ number: 9, exceptions: [] });
    expect(await outcome()).toMatch(/is refused/);
    answer = sealed({ number: 8 });
    expect(await outcome()).toMatch(/is refused/);
    expect(said.join('')).toContain('older than one that this machine has seen');
    answer = sealed({
      ledger: 'b',
      number: 1,
      issued: Date.now() - 60_000,
      notAfter: Date.now() + 60_000,
    });
    expect(await outcome()).toMatch(/is refused/);
    answer = sealed({ number: 9 });
    expect(await outcome()).toBe('accept');
    answer = sealed({ ledger: 'b', number: 1 });
    expect(await outcome()).toBe('accept');
  });

  it('of a server that cannot be reached, or that the policy may not name', async () => {
    expect(await outcome(undefined, 'http://127.0.0.1:1/')).toMatch(/is refused/);
    expect(await outcome(undefined, 'http://npm.example.com/')).toMatch(/is refused/);
    expect(said.join('')).toContain('not an https address');
  });

  it('of a server that does not answer within five seconds', async () => {
    answer = undefined;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const waiting = new OrganisationApprovals({ from, keys: [pinned()], env }).about(sha512);
    await vi.waitFor(() => expect(asked).toHaveLength(1), { timeout: 5_000 });
    await vi.advanceTimersByTimeAsync(5_001);
    vi.useRealTimers();
    expect(await waiting).toEqual([]);
    expect(said.join('')).toContain('no answer within 5 s');
  });
});

it('a list is no verdict, also for a reader of verdicts that pins its key', async () => {
  const envelope = sealApprovalList(list(), own.key);
  expect(await verdictFrom(envelope, { keys: own.pinned, today: '2026-11-30' })).toBeUndefined();
  await expect(
    openApprovalList(envelope, { keys: own.pinned, now: Date.now() }),
  ).resolves.toBeDefined();
});
