import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DEFAULT_POLICY, inspect } from '@tarwarden/core';
import { inspectionThread } from '@tarwarden/guard';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PREFACE } from '../../../../packages/core/src/containers/tar/preface.ts';
import { attack, attacks } from '../../../support/attacks.ts';
import { gzip } from '../../../support/gzip.ts';
import { pkg, tgz } from '../../../support/pkg.ts';
import { threadProgram } from '../../../support/thread-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'tarwarden-thread-'));
const started: Worker[] = [];
let program: URL;
beforeAll(async () => {
  program = await threadProgram(
    new URL('../../../../packages/yarn-plugin/src/inspector-program.ts', import.meta.url),
  );
});
afterAll(async () => {
  await Promise.all(started.map(async (one) => one.terminate()));
  rmSync(folder, { recursive: true, force: true });
});

function start(source: URL = program): Worker {
  const worker = new Worker(source);
  started.push(worker);
  return worker;
}

const thread = inspectionThread(() => start());

describe('inspectionThread', () => {
  it('inspects as inspect does, whatever is asked at the same time', async () => {
    const archives = [tgz(), ...attacks.map((one) => one.build())];
    const verdicts = await Promise.all(archives.map(async (bytes) => thread.inspect(bytes, {})));
    expect(verdicts).toEqual(archives.map((bytes) => inspect(bytes)));
    expect(verdicts.some(({ status }) => status === 'accept')).toBe(true);
    expect(started).toHaveLength(1);
  });

  it('heeds what it is told of the archive', async () => {
    const bytes = attack('symlink').build({ target: 'package.json' });
    const options = {
      policy: { ...DEFAULT_POLICY, links: 'contained' as const },
      expected: { name: 'other' },
      sha512: 'ab'.repeat(64),
    };
    const verdict = await thread.inspect(bytes, options);
    expect(verdict).toEqual(inspect(bytes, options));
    expect(verdict).not.toEqual(inspect(bytes));
    await expect(thread.inspect(bytes, { sha512: 'none' })).rejects.toThrow('sha512');
  });

  it('copies large archives one after another, and small ones beside them', async () => {
    const posted: number[] = [];
    const worker = Object.assign(new EventEmitter(), {
      ref: () => undefined,
      unref: () => undefined,
      postMessage: ({ id, archive }: { id: number; archive: Uint8Array }) =>
        void posted.push(id, archive.length),
    });
    const large = Buffer.alloc(40 * 1024 * 1024);
    const own = inspectionThread(() => worker as never);
    const answers = [large, Buffer.alloc(1), large].map(async (one) => own.inspect(one, {}));
    const told = (id: number): boolean =>
      worker.emit('message', { id, result: { verdict: `verdict ${id}` } });
    await vi.waitFor(() => expect(posted).toEqual([0, large.length, 1, 1]));
    told(0);
    await vi.waitFor(() => expect(posted).toEqual([0, large.length, 1, 1, 2, large.length]));
    told(1);
    told(2);
    expect(await Promise.all(answers)).toEqual(['verdict 0', 'verdict 1', 'verdict 2']);
  });

  it('leaves the bytes to whoever asked', async () => {
    const memory = Buffer.concat([Buffer.alloc(100), tgz(), Buffer.alloc(100)]);
    const bytes = memory.subarray(100, -100);
    expect((await thread.inspect(bytes, {})).status).toBe('accept');
    expect(bytes.equals(tgz())).toBe(true);
  });

  it('keeps the tar of a clean tarball, in shared memory', async () => {
    const tar = pkg({ files: { big: Buffer.alloc(3_000_000, 'text') } });
    const { verdict, tar: kept } = await thread.inspectKeeping(gzip(tar), {});
    expect(verdict.status).toBe('accept');
    expect(Buffer.from(kept ?? []).equals(Buffer.concat([PREFACE, tar]))).toBe(true);
    expect(kept?.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(await thread.inspect(gzip(tar), {})).toEqual(verdict);
  });

  it('reads a file, and says why it cannot', async () => {
    const file = join(folder, 'a.tgz');
    writeFileSync(file, tgz());
    expect(await thread.inspectFile(file, {})).toEqual(inspect(tgz()));
    await expect(thread.inspectFile(join(folder, 'b.tgz'), {})).rejects.toThrow('ENOENT');
  });

  it('has no verdict for what a thread dies with, and starts another', async () => {
    const dying = new URL(
      `data:text/javascript,import { parentPort } from 'node:worker_threads';
      parentPort.once('message', () => { throw new Error('thrown'); });`,
    );
    let starts = 0;
    const fragile = inspectionThread(() => start(starts++ === 0 ? dying : program));
    const asked = [fragile.inspect(tgz(), {}), fragile.inspectFile(join(folder, 'a.tgz'), {})];
    for (const one of asked) await expect(one).rejects.toThrow('the thread that inspects ended');
    expect((await fragile.inspect(tgz(), {})).status).toBe('accept');
    expect(starts).toBe(2);
  });

  it('keeps the process alive only while it is waited for', async () => {
    const own = start();
    const calls: string[] = [];
    vi.spyOn(own, 'ref').mockImplementation(() => void calls.push('ref'));
    vi.spyOn(own, 'unref').mockImplementation(() => void calls.push('unref'));
    const watched = inspectionThread(() => own);
    await Promise.all([watched.inspect(tgz(), {}), watched.inspect(tgz(), {})]);
    expect(calls).toEqual(['ref', 'ref', 'unref']);
  });
});
