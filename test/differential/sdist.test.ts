/** An accepted sdist has one reading: each pip that is there, Python's tarfile, GNU tar and bsdtar unpack the same files. */
import { inspect } from '@tarwarden/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../fuzz/check.ts';
import { inputOf } from '../fuzz/generate.ts';
import { sdistSeeds } from '../fuzz/sdist-seeds.ts';
import { cleanSdists, sdistAttacks } from '../support/attacks/sdist.ts';
import { agree } from './oracles/agreement.ts';
import type { Oracle } from './oracles/file-map.ts';
import { sdistUnpackers, type SdistUnpacker } from './oracles/sdist-unpackers.ts';

const SEED = 7;
const ROUNDS = 600;
const SDIST = { format: 'sdist' } as const;

let unpackers: readonly SdistUnpacker[] = [];
let all: readonly Oracle[] = [];
beforeAll(async () => {
  const found = await sdistUnpackers();
  unpackers = found.unpackers;
  all = [...unpackers, ...found.programs];
});
afterAll(() => Promise.all(unpackers.map((one) => one.end())));

describe('what unpacks sdists', () => {
  it('is there: pip, and every filter of tarfile', () => {
    const names = unpackers.map(({ name }) => name.split(' ')[0]);
    expect(names).toEqual(expect.arrayContaining(['pip', 'fully_trusted', 'tar', 'data']));
  });
});

describe('what real sdists do', () => {
  it.each(cleanSdists().map((one) => [one.name, one] as const))('%s', async (_name, odd) => {
    const verdict = inspect(odd.bytes, SDIST);
    expect(verdict.status).toBe('accept');
    const oracles = odd.fileName.endsWith('.zip') ? unpackers : all;
    expect((await agree(odd.bytes, verdict, oracles)).disagreements).toEqual([]);
  });
});

describe('pip looks for a zip first', () => {
  const hidden = sdistAttacks().filter(({ bytes }) =>
    inspect(bytes, SDIST).findings.some(({ code }) => code === 'hidden-zip'),
  );
  it('is tried with several', () => expect(hidden.length).toBeGreaterThan(5));
  it.each(hidden.map((one) => [one.name, one] as const))('%s', async (_name, { bytes }) => {
    for (const pip of unpackers.filter(({ name }) => name.startsWith('pip '))) {
      const files = await pip.read(bytes).catch((error: unknown) => String(error));
      // What the tar has is not what is unpacked.
      if (typeof files !== 'string') expect([...files.keys()]).not.toContain('backend.py');
    }
    expect(inspect(bytes, SDIST).status).toBe('reject');
  });
});

describe('what was generated and changed', () => {
  it(`is read alike where it is accepted, in ${ROUNDS} rounds`, async () => {
    const seeds = sdistSeeds();
    let accepted = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const oracles = round % 10 === 0 ? all : unpackers;
      const { verdict, failure } = await check(inputOf(SEED, round, seeds), oracles, SDIST);
      expect(failure && { round, ...failure }).toBeUndefined();
      if (verdict?.status === 'accept') accepted++;
    }
    expect(accepted).toBeGreaterThan(ROUNDS / 20);
  });
});
