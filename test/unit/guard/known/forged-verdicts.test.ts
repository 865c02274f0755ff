/** A cache that was restored from elsewhere can contain anything. Only verdicts that were written with this machine's key are believed. */
import { createHash, createHmac } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Verdict } from '../../../../packages/core/src/finding/verdict.ts';
import { DEFAULT_POLICY } from '../../../../packages/core/src/policy/policy.ts';
import type {
  VerdictStore,
  VerdictStoreOptions,
} from '../../../../packages/guard/src/known/verdict-store.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';

let folder: string;
freshFolder((made) => (folder = made));

const SECRET = 'a secret of CI that forks do not get: 0123456789';
const integrity = `sha512-${createHash('sha512').update('a').digest('base64')}`;
const verdict: Verdict = {
  status: 'accept',
  format: 'npm',
  findings: [],
  omitted: 0,
  archive: { sha512: 'aa', integrity, compressedBytes: 1, unpackedBytes: 2, entries: 3 },
};

interface Machine {
  /** Folder of the home. */
  readonly home: string;
  readonly secret?: string;
  readonly policy?: VerdictStoreOptions['policy'];
}

/** The store as another process opens it. */
async function open({ home, secret, policy = DEFAULT_POLICY }: Machine): Promise<VerdictStore> {
  vi.resetModules();
  const { openVerdictStore } =
    await import('../../../../packages/guard/src/known/verdict-store.ts');
  const env = {
    HOME: join(folder, home),
    ...(secret !== undefined && { TARWARDEN_SEAL_KEY: secret }),
  };
  return openVerdictStore({ ruleset: 'r', policy, env });
}

const cacheOf = (home: string): string => join(folder, home, '.cache');
const knows = async (machine: Machine): Promise<boolean> =>
  (await open(machine)).get({ integrity }) !== undefined;

/** Remembers the verdict on a machine. Returns the folder of its file. */
async function remember(machine: Machine): Promise<string> {
  const store = await open(machine);
  store.put({ integrity }, verdict);
  store.flush();
  return store.directory ?? '';
}

function restoreCache(from: string, to: string): void {
  mkdirSync(join(folder, to), { recursive: true, mode: 0o700 });
  execFileSync('tar', ['-cpf', join(folder, 'cache.tar'), '-C', cacheOf(from), '.']);
  mkdirSync(cacheOf(to), { mode: 0o700, recursive: true });
  execFileSync('tar', ['-xpf', join(folder, 'cache.tar'), '-C', cacheOf(to)]);
}

describe.skipIf(process.platform !== 'linux')('a verdict in the cache', () => {
  it('counts on the machine that wrote it', async () => {
    await remember({ home: 'one' });
    expect(await knows({ home: 'one' })).toBe(true);
  });

  it('does not count after the cache was restored on another machine', async () => {
    await remember({ home: 'one' });
    restoreCache('one', 'two');
    expect(await knows({ home: 'two' })).toBe(false);
    await remember({ home: 'two' });
    expect(await knows({ home: 'two' })).toBe(true);
  });

  it('does not count in a copy of the whole home, with the file of the key', async () => {
    await remember({ home: 'one' });
    execFileSync('cp', ['-a', join(folder, 'one'), join(folder, 'image')]);
    expect(readdirSync(join(folder, 'image/.local/state/tarwarden'))).toEqual(['machine-key']);
    expect(await knows({ home: 'image' })).toBe(false);
    await remember({ home: 'image' });
    expect(await knows({ home: 'image' })).toBe(true);
  });

  it('counts on every machine with the same secret of CI, and on none without it', async () => {
    await remember({ home: 'one', secret: SECRET });
    restoreCache('one', 'two');
    expect(await knows({ home: 'two', secret: SECRET })).toBe(true);
    expect(await knows({ home: 'two' })).toBe(false);
    expect(await knows({ home: 'two', secret: '' })).toBe(false);
    expect(await knows({ home: 'two', secret: `${SECRET}!` })).toBe(false);
  });

  it('of a pull request without the secret does not count where the secret is', async () => {
    await remember({ home: 'fork', secret: '' });
    restoreCache('fork', 'two');
    expect(await knows({ home: 'two', secret: SECRET })).toBe(false);
  });

  const forgeries: readonly [string, (body: string, context: string) => string][] = [
    ['the plain checksum of older versions', (body) => sha256(body)],
    ['an HMAC with an empty key', (body, context) => hmac('', `${context}\n${body}`)],
    [
      'an HMAC with a key that is in the cache',
      (body, context) => hmac('0'.repeat(32), `${context}\n${body}`),
    ],
  ];
  it.each(forgeries)('that ends with %s does not count', async (_what, tag) => {
    const written = await remember({ home: 'one' });
    for (const name of readdirSync(written)) {
      const path = join(written, name);
      const body = readFileSync(path, 'utf8').slice(0, -64);
      writeFileSync(path, `${body}${tag(body, basename(written))}`);
    }
    expect(await knows({ home: 'one' })).toBe(false);
  });

  it('of one policy does not count if its file is moved to the folder of another', async () => {
    const lax = { ...DEFAULT_POLICY, links: 'contained' } as const;
    const from = await remember({ home: 'one', policy: lax });
    const to = join(from, '..', basename((await open({ home: 'one' })).directory ?? ''));
    cpSync(from, to, { recursive: true });
    expect(await knows({ home: 'one', policy: lax })).toBe(true);
    expect(await knows({ home: 'one' })).toBe(false);
  });

  it('is remembered for one process alone where no key can be kept', async () => {
    mkdirSync(join(folder, 'one/.local'), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'one/.local/state'), 'a file');
    const store = await open({ home: 'one' });
    store.put({ integrity }, verdict);
    store.flush();
    expect(store.get({ integrity })).toEqual(verdict);
    expect(store.directory).toBeUndefined();
    expect(await knows({ home: 'one' })).toBe(false);
  });
});

function sha256(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('hex');
}
