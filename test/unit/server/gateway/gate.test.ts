/* The gate by itself, as other faces have it: a source and an identity in, bytes or a refusal out. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { wheel, wheelFileName } from '../../../support/wheel.ts';
import { openGate, type OpenGate } from '../../../../packages/server/src/gateway/open-gate.ts';
import type {
  ArchiveIdentity,
  WantedArchive,
} from '../../../../packages/server/src/gateway/wanted.ts';
import { ANY_REGISTRY } from './support.ts';

const bytes = wheel();
const identity: ArchiveIdentity = {
  format: 'wheel',
  name: 'fixture',
  version: '1.0.0',
  fileName: wheelFileName(),
};
const sha256 = digest('sha256', bytes);

function digest(algorithm: string, of: Uint8Array): string {
  return createHash(algorithm).update(of).digest('hex');
}

let folder: string;
let open: OpenGate;
let inspected: number;

function begin(): void {
  open = openGate({
    policy: DEFAULT_POLICY,
    env: { XDG_CACHE_HOME: folder, HOME: folder },
    threads: {
      async inspect(given, options) {
        inspected += 1;
        return inspect(given, options);
      },
      async inspectFile(path, options) {
        inspected += 1;
        return inspect(readFileSync(path), options);
      },
    },
    spoolParent: folder,
  });
}

freshFolder((made) => {
  inspected = 0;
  folder = made;
  begin();
});
afterEach(() => open.close());

interface Asked extends WantedArchive {
  readonly opened: { count: number };
}

function wanted(more: Partial<WantedArchive> = {}, what: Buffer = bytes, statusCode = 200): Asked {
  const opened = { count: 0 };
  return {
    identity,
    promised: { sha256 },
    registry: ANY_REGISTRY,
    location: 'https://files.example/fixture',
    reader: '',
    async open() {
      opened.count += 1;
      return { statusCode, headers: {}, body: Readable.from([what]) };
    },
    opened,
    ...more,
  };
}

const held = (): string[] => readdirSync(open.spool.folder);

describe('the gate', () => {
  it('lets a wheel pass that is accepted and has the SHA-256 that is promised', async () => {
    const landed = await open.gate.land(wanted());
    expect(landed).toMatchObject({ bytes: bytes.length, sha512: digest('sha512', bytes) });
    expect(await buffer(landed.read())).toEqual(bytes);
    expect(await buffer(landed.read())).toEqual(bytes);
    landed.release();
    await expect.poll(held).toEqual([]);
  });

  it('knows it by the SHA-256 from then on, also after a restart, as what it was inspected as', async () => {
    expect(open.gate.known({ sha256 }, identity)).toBeUndefined();
    (await open.gate.land(wanted())).release();
    expect(open.gate.knownNow({ sha256 }, identity)).toMatchObject({ accepted: true });
    open.close();
    begin();
    expect(open.gate.knownNow({ sha256 }, identity)).toBeUndefined();
    expect(open.gate.known({ sha256 }, identity)).toMatchObject({ accepted: true });
    for (const other of [
      { ...identity, version: '1.0.1' },
      { ...identity, fileName: wheelFileName('fixture', '1.0.1') },
      { ...identity, format: 'sdist' as const },
    ])
      expect(open.gate.known({ sha256 }, other)).toBeUndefined();
    (await open.gate.land(wanted())).release();
    expect(inspected).toBe(1);
  });

  it.each([
    ['what is not promised', { promised: { sha256: '0'.repeat(64) } }, bytes, 200, 502],
    ['what is not promised by either', { promised: { sha256, sha512: '0' } }, bytes, 200, 502],
    ['what is no wheel', { promised: {} }, Buffer.from('none'), 200, 403],
    ['what is longer than asked for', { bytesMax: 10 }, bytes, 200, 403],
    ['what is not there', {}, bytes, 404, 404],
    ['what cannot be had', {}, bytes, 500, 502],
  ] as const)('does not let pass %s', async (_, more, what, statusCode, status) => {
    const asked = wanted(more, what, statusCode);
    await expect(open.gate.land(asked)).rejects.toMatchObject({ status });
    expect(held()).toEqual([]);
  });

  it('shares a download by its key, and with nobody who expects something else', async () => {
    const body = new PassThrough();
    const opened: string[] = [];
    const asked = (reader: string, more: Partial<WantedArchive> = {}): WantedArchive => ({
      ...wanted(more),
      reader,
      async open() {
        opened.push(reader);
        return {
          statusCode: 200,
          headers: {},
          body: opened.length === 1 ? body : Readable.from([bytes]),
        };
      },
    });
    const shared = [open.gate.land(asked('a')), open.gate.land(asked('a'))];
    (await open.gate.land(asked('b'))).release();
    (await open.gate.land(asked('a', { promised: {} }))).release();
    const other = asked('a', { identity: { ...identity, name: 'other' } });
    await expect(open.gate.land(other)).rejects.toMatchObject({ status: 403 });
    body.end(bytes);
    for (const { bytes: length, release } of await Promise.all(shared)) {
      expect(length).toBe(bytes.length);
      release();
    }
    expect(opened).toEqual(['a', 'b', 'a', 'a']);
    await expect.poll(held).toEqual([]);
  });

  it('ends a download when all who wait are gone', async () => {
    let signal: AbortSignal | undefined;
    const asked = wanted({
      open: async (given) => {
        signal = given;
        const body = new PassThrough({ signal: given });
        return { statusCode: 200, headers: {}, body };
      },
    });
    const gone = [new AbortController(), new AbortController()];
    const landing = gone.map(async (one) => open.gate.land(asked, one.signal));
    const ended = Promise.allSettled(landing);
    await expect.poll(() => signal).toBeDefined();
    gone[0]!.abort();
    expect(signal!.aborted).toBe(false);
    gone[1]!.abort();
    expect(signal!.aborted).toBe(true);
    expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(held()).toEqual([]);
  });

  it('is ready where it refuses', async () => {
    expect(await open.ready()).toMatchObject({ ready: true });
  });
});
