/** An accepted wheel has one reading: the readers of zip that are there, and pip, unpack and install the same files. */
import { inspect } from '@tarwarden/core';
import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { randomWheel } from '../fuzz/wheel/generate.ts';
import { wheelAttacks, wheelOddities } from '../support/attacks/wheel.ts';
import { wheelTextAttacks } from '../support/attacks/wheel-texts.ts';
import { wheelFileName } from '../support/wheel.ts';
import { WheelReaders } from './oracles/wheel-readers.ts';

const readers = new WheelReaders();
afterAll(() => readers.end());

const SEED = 20;
const ROUNDS = 400;
/** One in so many is read by programs too. */
const HEAVY = 25;

const accepted = (bytes: Buffer, fileName: string): boolean =>
  inspect(bytes, { format: 'wheel', expected: { fileName } }).status === 'accept';

describe('what is accepted is read alike', () => {
  it.each(wheelOddities)('$name', async ({ bytes, fileName }) => {
    expect(accepted(bytes, fileName)).toBe(true);
    expect(await readers.disagreements(bytes, fileName, true)).toEqual([]);
  });

  it.each([...wheelAttacks, ...wheelTextAttacks])('the twin of $name', async ({ twin }) => {
    expect(accepted(twin, wheelFileName())).toBe(true);
    expect(await readers.disagreements(twin, wheelFileName(), true)).toEqual([]);
  });

  it('also of wheels made and changed at random', async () => {
    const found: string[] = [];
    let passed = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = randomWheel(new Random(SEED * ROUNDS + round));
      if (!accepted(bytes, wheelFileName())) continue;
      passed++;
      const lines = await readers.disagreements(bytes, wheelFileName(), passed % HEAVY === 0);
      found.push(...lines.map((line) => `round ${round}: ${line}`));
    }
    expect(found).toEqual([]);
    expect(passed).toBeGreaterThan(ROUNDS / 20);
  });
});

describe('what another installer makes of hostile wheels', () => {
  it('is never installed: tarwarden refuses each, also those that it takes', async ({ skip }) => {
    const taken: string[] = [];
    for (const { name, bytes, fileName } of [...wheelAttacks, ...wheelTextAttacks]) {
      expect([name, accepted(bytes, fileName)]).toEqual([name, false]);
      const installed = await readers.installed(bytes, fileName);
      if (installed === undefined) skip('python3-installer is not there');
      if (typeof installed !== 'string') taken.push(name);
    }
    // Where it took none, it would not be asked in the right way.
    expect(taken).toEqual(
      expect.arrayContaining(['wheel-sibling-folder', 'wheel-traversal', 'wheel-symlink']),
    );
  });
});
