/* A gateway that runs for weeks: what ends at midnight UTC stops counting then, in memory as well. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, expect, it, vi } from 'vitest';
import { inspect, type Exception } from '@tarwarden/core';
import { LivePolicy } from '../../../../packages/server/src/serving/live-policy.ts';
import { openGate, type OpenGate } from '../../../../packages/server/src/gateway/open-gate.ts';
import type { WantedArchive } from '../../../../packages/server/src/gateway/wanted.ts';
import { symlink } from '../../../support/attacks/links.ts';
import { freshFolder } from '../../../support/fresh-folder.ts';
import { putFile } from '../../../support/put-file.ts';
import { ANY_REGISTRY } from './support.ts';

const bytes = symlink.build({ name: 'bad', version: '1.0.0' });
const identity = { format: 'npm', name: 'bad', version: '1.0.0' } as const;
const expected = { name: 'bad', version: '1.0.0' };
const LAST_DAY = '2026-11-29';
const verdict = inspect(bytes, { expected });
const { sha512 } = verdict.archive;
const exceptions = verdict.findings
  .filter(({ level }) => level === 'error')
  .map(({ rule }): Exception => {
    return { package: 'bad@1.0.0', rule, sha512, reason: 'looked at', expires: LAST_DAY };
  });

let folder: string;
let open: OpenGate;
let lines: string[];
freshFolder((fresh) => {
  folder = fresh;
  lines = [];
  vi.useFakeTimers({ now: new Date(`${LAST_DAY}T23:59:59.000Z`), toFake: ['Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
  open.close();
});

function start(): void {
  const env = { XDG_CONFIG_HOME: join(folder, 'config'), XDG_CACHE_HOME: join(folder, 'cache') };
  const file = join(env.XDG_CONFIG_HOME, 'tarwarden/policy.json');
  putFile(file, JSON.stringify({ exceptions }));
  const live = new LivePolicy({ env }, () => undefined);
  open = openGate({
    policy: () => live.current.policy,
    env,
    threads: {
      inspect: async (given, options) => Promise.resolve(inspect(given, options)),
      inspectFile: async (path, options) => Promise.resolve(inspect(readFileSync(path), options)),
    },
    onException: (line) => lines.push(line),
    spoolParent: folder,
  });
}

const wanted: WantedArchive = {
  identity,
  promised: { sha512 },
  registry: ANY_REGISTRY,
  location: 'https://registry.test/bad.tgz',
  reader: '',
  open: async () => Promise.resolve({ statusCode: 200, headers: {}, body: Readable.from([bytes]) }),
};
const nextDay = (): void => void vi.advanceTimersByTime(1_000);
const isRefused = {
  message: expect.stringMatching(/^tarwarden: bad@1\.0\.0 is refused/) as string,
};

it('an exception ends, for what is known, under way and asked for anew', async () => {
  start();
  const { gate } = open;
  const before = await gate.land(wanted);
  expect(gate.knownNow({ sha512 }, identity)).toMatchObject({ accepted: true });
  expect(lines).not.toEqual([]);
  for (const line of lines)
    expect(line).toMatch(
      /^exception used: bad@1\.0\.0: .*, until 2026-11-29, from your own policy file; reason: looked at$/,
    );
  nextDay();
  expect(gate.knownNow({ sha512 }, identity)).toBeUndefined();
  expect(gate.known({ sha512 }, identity)).toBeUndefined();
  // The client of the day before has not released it yet.
  await expect(gate.land(wanted)).rejects.toMatchObject(isRefused);
  before.release();
  expect(gate.knownNow({ sha512 }, identity)).toMatchObject({ accepted: false });
});

it('an inspection that began the day before is made again', async () => {
  start();
  const late: WantedArchive = {
    ...wanted,
    async open(signal) {
      const answer = await wanted.open(signal);
      nextDay();
      return answer;
    },
  };
  await expect(open.gate.land(late)).rejects.toMatchObject(isRefused);
});
