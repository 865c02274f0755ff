/** Accepted means unambiguous: what is accepted, every extractor that is there unpacks to the same files. */
import { inspect } from '@tarwarden/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inputOf } from '../fuzz/generate.ts';
import { check } from '../fuzz/check.ts';
import { seedTars } from '../fuzz/seeds.ts';
import { cleanOddities } from '../support/attacks.ts';
import { gzip } from '../support/gzip.ts';
import { agree } from './oracles/agreement.ts';
import type { Oracle } from './oracles/file-map.ts';
import { parsers } from './oracles/parsers.ts';
import { hasPython, programs, Tarfile } from './oracles/programs.ts';

/** The same rounds each time; `pnpm fuzz` runs others, and longer. */
const SEED = 7;
const ROUNDS = 1500;

let tarfile: Tarfile | undefined;
let all: readonly Oracle[] = [];
beforeAll(() => {
  if (hasPython) tarfile = new Tarfile();
  all = [...parsers, ...(tarfile ? [tarfile] : []), ...programs];
});
afterAll(async () => tarfile?.end());

describe('what real packages do', () => {
  it.each(cleanOddities.map((one) => [one.id, one] as const))('%s', async (_id, odd) => {
    const tgz = odd.build();
    const verdict = inspect(tgz);
    expect(verdict.status).toBe('accept');
    expect((await agree(tgz, verdict, all)).disagreements).toEqual([]);
  });
});

describe('what other writers make', () => {
  it('is read alike where it is accepted, and some of it is', async () => {
    let accepted = 0;
    for (const tar of await seedTars()) {
      const { verdict, failure } = await check(gzip(tar), all);
      expect(failure).toBeUndefined();
      if (verdict?.status === 'accept') accepted++;
    }
    expect(accepted).toBeGreaterThan(cleanOddities.length / 2);
  });
});

describe('what was generated and changed', () => {
  it(`is read alike where it is accepted, in ${ROUNDS} rounds`, async () => {
    const seeds = await seedTars();
    let accepted = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // Programs that unpack to disk cost a process each.
      const oracles = round % 10 === 0 ? all : parsers;
      const { verdict, failure } = await check(inputOf(SEED, round, seeds), oracles);
      expect(failure && { round, ...failure }).toBeUndefined();
      if (verdict?.status === 'accept') accepted++;
    }
    expect(accepted).toBeGreaterThan(ROUNDS / 20);
    expect(accepted).toBeLessThan(ROUNDS / 2);
  });
});
