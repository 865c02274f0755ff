import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, inspect, type Verdict } from '@tarwarden/core';
import { integrityOf, sha512Of } from '@tarwarden/guard';
import { TreeStore } from '../../../packages/bun-wrapper/src/tree-store.ts';
import { Unpackers } from '../../../packages/bun-wrapper/src/unpackers.ts';
import { attack } from '../../support/attacks.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { tgz } from '../../support/pkg.ts';
import { threadProgram } from '../../support/thread-program.ts';

const sha512 = (bytes: Uint8Array): string => sha512Of(integrityOf(bytes))!;
const expected = { name: 'fixture', version: '1.0.0' };
const options = { expected, policy: DEFAULT_POLICY };

/** Ends at what begins with 0, fails at what begins with 1, and says of everything else how it begins. */
const FRAIL = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ bytes: [first] }) => {
      if (first === 0) process.exit(1);
      parentPort.postMessage(first === 1 ? { error: 'failed' } : { verdict: first });
    });
  `)}`,
);

let program: URL;
beforeAll(async () => {
  const source = '../../../packages/cli/src/commands/clients/bun-thread.ts';
  program = await threadProgram(new URL(source, import.meta.url));
});

let folder: string;
let started: number;
let unpackers: Unpackers;
freshFolder((made) => {
  folder = made;
  started = 0;
});
afterEach(() => unpackers.close());

function begin(source: URL, threads: number): void {
  unpackers = new Unpackers(
    new TreeStore(folder),
    () => {
      started++;
      return new Worker(source, { workerData: folder });
    },
    threads,
  );
}

const add = async (bytes: Uint8Array): Promise<Verdict> =>
  unpackers.add(bytes, sha512(bytes), options);

describe('Unpackers', () => {
  it('keep what is accepted, and nothing of what is not', async () => {
    begin(program, 2);
    const clean = ['a', 'b', 'c'].map((body) => tgz({ files: { 'index.js': body } }));
    const hostile = attack('symlink').build();
    const verdicts = await Promise.all([...clean, hostile].map(add));
    expect(verdicts).toEqual(
      [...clean, hostile].map((bytes) => inspect(bytes, { format: 'npm', expected })),
    );
    expect(verdicts.map(({ status }) => status)).toEqual(['accept', 'accept', 'accept', 'reject']);
    expect(readdirSync(folder).toSorted()).toEqual(clean.map(sha512).toSorted());
    expect(readFileSync(join(folder, sha512(clean[1]!), 'index.js'), 'utf8')).toBe('b');
    expect(started).toBe(2);
  });

  it('leave the caller its bytes', async () => {
    begin(program, 1);
    const bytes = tgz();
    const before = sha512(bytes);
    await add(bytes);
    expect(sha512(bytes)).toBe(before);
  });

  it('do all in the thread of the caller where there is no other', async () => {
    unpackers = new Unpackers(new TreeStore(folder));
    const bytes = tgz();
    expect((await add(bytes)).status).toBe('accept');
    expect(readdirSync(folder)).toEqual([sha512(bytes)]);
  });

  it('give no verdict on what a thread had when it died, and go on with another one', async () => {
    begin(FRAIL, 1);
    const ended = new Error('the thread that inspects ended');
    for (const [firsts, outcomes] of [
      [
        [2, 1],
        [2, new Error('failed')],
      ],
      [
        [3, 0, 4],
        [3, ended, ended],
      ],
      [[5], [5]],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop
      const results = await Promise.allSettled(
        firsts.map(async (first) => unpackers.add(Buffer.from([first]), '', options)),
      );
      expect(results.map((one) => (one.status === 'fulfilled' ? one.value : one.reason))).toEqual(
        outcomes,
      );
    }
    expect(started).toBe(2);
  });
});
