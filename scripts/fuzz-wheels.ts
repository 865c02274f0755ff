/**
 * `pnpm fuzz:wheels [--minutes N] [--seed S] [--replay ROUND]`: wheels made and changed at random are inspected; what is
 * accepted is read by every reader that is there, and installed by pip, and all have to see the same files. Exit 1: a
 * crash or a disagreement; the wheel is left in `.fuzz/wheels/`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inspect } from '@tarwarden/core';
import { WheelReaders } from '../test/differential/oracles/wheel-readers.ts';
import { Random } from '../test/fuzz/random.ts';
import { randomWheel } from '../test/fuzz/wheel/generate.ts';
import { wheelFileName } from '../test/support/wheel.ts';

/** Programs that unpack to disk cost a process each, so they see one accepted wheel in so many. */
const PROGRAM_EVERY = 20;
const MAX_FAILURES = 20;
/** Rounds of one seed, so that no two seeds have one in common. */
const MAX_ROUNDS = 10_000_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    replay: { type: 'string' },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed ?? Date.now() % 400);
if (!(minutes > 0) || !Number.isSafeInteger(seed) || seed < 0) {
  console.error('usage: fuzz:wheels [--minutes N] [--seed S] [--replay ROUND]');
  process.exit(2);
}
const folder = fileURLToPath(new URL('../.fuzz/wheels', import.meta.url));
mkdirSync(folder, { recursive: true });

const readers = new WheelReaders();
console.log(`readers: ${readers.names.join(', ')}`);
const counts = { wheels: 0, accepted: 0, withoutFinding: 0, byPrograms: 0, failures: 0 };
const only = values.replay === undefined ? undefined : Number(values.replay);
const stop = Date.now() + minutes * 60_000;
for (let round = only ?? 0; round < MAX_ROUNDS && Date.now() < stop; round++) {
  const bytes = randomWheel(new Random(seed * MAX_ROUNDS + round));
  const failures = await check(bytes);
  counts.wheels++;
  if (failures.length > 0) {
    counts.failures++;
    writeFileSync(join(folder, `${seed}-${round}.whl`), bytes);
    console.log(`round ${round} of seed ${seed}:\n${failures.slice(0, 10).join('\n')}`);
  }
  if (only !== undefined || counts.failures >= MAX_FAILURES) break;
}
await readers.end();
console.log(`seed ${seed}: ${JSON.stringify(counts)}`);
process.exitCode = counts.failures > 0 ? 1 : 0;

/** The problems of the verdict, one line each. */
async function check(bytes: Buffer): Promise<string[]> {
  const fileName = wheelFileName();
  try {
    const verdict = inspect(bytes, { format: 'wheel', expected: { fileName } });
    if (verdict.status === 'reject') return [];
    counts.accepted++;
    if (verdict.findings.length === 0) counts.withoutFinding++;
    const heavy = only !== undefined || counts.accepted % PROGRAM_EVERY === 0;
    if (heavy) counts.byPrograms++;
    return await readers.disagreements(bytes, fileName, heavy);
  } catch (error) {
    return [String((error as Error).stack)];
  }
}
