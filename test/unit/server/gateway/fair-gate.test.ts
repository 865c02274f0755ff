/* A client that asks for many archives, and another one that asks for one. */
import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { openGate, type OpenGate } from '../../../../packages/server/src/gateway/open-gate.ts';
import type { WantedArchive } from '../../../../packages/server/src/gateway/wanted.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { tgz } from '../../../support/pkg.ts';
import { ANY_REGISTRY } from './support.ts';

const bytes = tgz({ name: 'clean', version: '1.0.0' });

let folder: string;
let open: OpenGate;
/** Downloads that have begun, by their location. */
let begun: Map<string, PassThrough>;
/** Inspections that have begun: each ends when the test says so. */
let inspections: (() => void)[];
let holds: boolean;
freshFolder((made) => (folder = made));
beforeEach(() => {
  begun = new Map();
  inspections = [];
  holds = false;
  open = openGate({
    policy: DEFAULT_POLICY,
    env: { XDG_CACHE_HOME: folder, HOME: folder },
    threads: {
      async inspect(content, options) {
        if (holds) await new Promise<void>((resolve) => inspections.push(resolve));
        return inspect(content, options);
      },
      inspectFile: async () => Promise.reject(new Error('no file')),
    },
    spoolParent: folder,
    spoolBytes: 25_000,
  });
});
afterEach(() => open.close());

function wanted(client: string, location: string): WantedArchive {
  return {
    identity: { format: 'npm', name: 'clean', version: '1.0.0' },
    promised: {},
    registry: ANY_REGISTRY,
    location: `https://registry.example.com/${location}`,
    reader: '',
    client,
    async open(signal) {
      const body = new PassThrough({ signal });
      body.on('error', () => undefined);
      begun.set(location, body);
      return { statusCode: 200, headers: {}, body };
    },
  };
}

function land(client: string, location: string, gone?: AbortSignal): Promise<string> {
  return open.gate.land(wanted(client, location), gone).then(
    ({ release }) => (release(), 'landed'),
    (error: unknown) => String(error),
  );
}

describe('downloads', () => {
  it('of one client take half of the places, and another one has its own at once', async () => {
    const many = Array.from({ length: 40 }, async (_, i) => land('a', `a${i}`));
    const other = land('b', 'b');
    await expect.poll(() => begun.size).toBe(13);
    begun.get('b')!.end(bytes);
    expect(await other).toBe('landed');
    for (let i = 0; i < 40; i += 1) {
      await expect.poll(() => begun.has(`a${i}`)).toBe(true);
      begun.get(`a${i}`)!.end(bytes);
    }
    expect(new Set(await Promise.all(many))).toEqual(new Set(['landed']));
  });

  it('that wait in the line of one client begin with the turn of another one that wants them too', async () => {
    const gone = Array.from({ length: 100 }, () => new AbortController());
    const many = gone.map(async ({ signal }, i) => land('a', `a${i}`, signal));
    await expect.poll(() => begun.size).toBe(12);
    const shared = land('b', 'a99');
    await expect.poll(() => begun.has('a99')).toBe(true);
    begun.get('a99')!.end(bytes);
    expect(await shared).toBe('landed');
    // Those that nobody waits for any more leave the line.
    for (const client of gone) client.abort(new Error('gone'));
    await Promise.all(many);
    expect(await open.metrics.registry.getSingleMetricAsString('tarwarden_waiting')).toContain(
      'tarwarden_waiting{for="download"} 0',
    );
  });

  it('of one client leave bytes for another one', async () => {
    const first = [land('a', 'a0'), land('a', 'a1')];
    await expect.poll(() => begun.size).toBe(2);
    begun.get('a0')!.write(Buffer.alloc(10_000));
    await expect.poll(async () => held()).toBe(10_000);
    begun.get('a1')!.write(Buffer.alloc(10_000));
    expect(await first[1]).toContain('too many bytes wait');
    const other = land('b', 'b');
    await expect.poll(() => begun.has('b')).toBe(true);
    begun.get('b')!.end(bytes);
    expect(await other).toBe('landed');
    begun.get('a0')!.destroy(new Error('broken'));
    expect(await first[0]).toContain('broke off');
  });
});

describe('an archive that several clients read', () => {
  it('is in the part of one that still reads it', async () => {
    const long = tgz(
      { name: 'clean', version: '1.0.0', files: { 'a.bin': randomBytes(4_000) } },
      { level: 0 },
    );
    const [mine, theirs] = ['a', 'b'].map(async (client) => open.gate.land(wanted(client, 'x')));
    await expect.poll(() => begun.has('x')).toBe(true);
    begun.get('x')!.end(long);
    (await mine!).release();
    // The first client may have as much again: only the second one holds the bytes.
    const more = land('a', 'y');
    await expect.poll(() => begun.has('y')).toBe(true);
    begun.get('y')!.end(long);
    expect(await more).toBe('landed');
    const late = land('b', 'z');
    await expect.poll(() => begun.has('z')).toBe(true);
    begun.get('z')!.end(long);
    expect(await late).toContain('too many bytes wait');
    (await theirs!).release();
    await expect.poll(held).toBe(0);
  });
});

async function held(): Promise<number> {
  const text = await open.metrics.registry.getSingleMetricAsString('tarwarden_bytes_held');
  return Number(/^tarwarden_bytes_held (\d+)$/m.exec(text)?.[1]);
}

it('inspections of one client leave a thread to another one', async () => {
  holds = true;
  const many = Array.from({ length: 12 }, async (_, i) => land('a', `a${i}`));
  await expect.poll(() => begun.size).toBe(12);
  for (const body of begun.values()) body.end(bytes);
  const metric = async (): Promise<string> =>
    open.metrics.registry.getSingleMetricAsString('tarwarden_waiting');
  await expect.poll(metric).not.toContain('for="inspection"} 0');
  const before = inspections.length;
  expect(before).toBeLessThan(12);
  const other = land('b', 'b');
  await expect.poll(() => begun.has('b')).toBe(true);
  begun.get('b')!.end(bytes);
  await expect.poll(() => inspections.length).toBe(before + 1);
  holds = false;
  inspections.at(-1)!();
  expect(await other).toBe('landed');
  for (const end of inspections) end();
  expect(new Set(await Promise.all(many))).toEqual(new Set(['landed']));
});
