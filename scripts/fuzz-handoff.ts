/**
 * Fuzzing of what the guards hand on: `pnpm fuzz:handoff [--minutes N] [--seed S] [--batch N] [--planted]`.
 *
 * Archives that the core accepts are installed by the real managers under the built guards (`pnpm build` first), and what
 * lies on disk is held against what the core describes. Every second batch begins with the magic number of another format
 * while the rules about that are off, so that the hand-off is tried by itself. One process, one install at a time. Exit 0:
 * no disagreement; exit 1: some, left in `.fuzz/`. With `--planted` the guards hand on the bare tar, as they once did, and
 * it is exit 0 when every manager concerned was caught at it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BUILT, GUARDED } from '../test/e2e/views/guard-set-up.ts';
import { batchOf, handedOn, type Kind } from '../test/fuzz/handoff/batch.ts';
import { plantedBundles } from '../test/fuzz/handoff/planted.ts';
import type { Disagreement } from '../test/fuzz/managers/install.ts';
import { seedTars } from '../test/fuzz/seeds.ts';
import { available } from '../test/support/managers.ts';

const folder = join(fileURLToPath(new URL('..', import.meta.url)), '.fuzz');
const MAX_FAILURES = 20;
/** Whose reader guesses the format of what it is given, and gets what was inspected instead of the file. */
const GUESSING = /^(?:npm-|yarn-4)/;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    batch: { type: 'string', default: '60' },
    planted: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_007);
const minutes = Number(values.minutes);
const size = Number(values.batch);
if (!Number.isSafeInteger(seed) || !(minutes > 0) || !Number.isSafeInteger(size) || size < 1) {
  console.error('usage: fuzz:handoff [--minutes N] [--seed S] [--batch N] [--planted]');
  process.exit(2);
}
const { planted } = values;
mkdirSync(folder, { recursive: true });
process.exitCode = await rounds();

async function rounds(): Promise<number> {
  const seeds = await seedTars();
  const bundles = planted ? plantedBundles(join(folder, 'planted')) : BUILT;
  const managers = GUARDED.filter(
    (name) => available(name).ok && (!planted || GUESSING.test(name)),
  );
  const kinds: readonly Kind[] = planted ? ['foreign'] : ['any', 'foreign'];
  const counts = { archives: 0, accepted: 0, withoutFinding: 0, compared: 0, files: 0, refused: 0 };
  const caught = new Map(managers.map((name) => [name, 0]));
  const stop = Date.now() + minutes * 60_000;
  let round = 0;
  let failures = 0;
  for (let turn = 0; Date.now() < stop && failures < MAX_FAILURES; turn++) {
    const kind = kinds[turn % kinds.length] ?? 'any';
    const batch = batchOf(kind, size, { seed, round, seeds });
    round += batch.rounds;
    counts.archives += batch.rounds;
    counts.accepted += batch.archives.length;
    counts.withoutFinding += batch.archives.filter(({ warnings }) => warnings.length === 0).length;
    for (const manager of managers) {
      if (Date.now() >= stop) break;
      const { compared, files, refusals, disagreements } = await handedOn(manager, batch, bundles);
      counts.compared += compared;
      counts.files += files;
      counts.refused += refusals;
      caught.set(manager, (caught.get(manager) ?? 0) + disagreements.length);
      if (planted) continue;
      failures += disagreements.length;
      for (const disagreement of disagreements) keep(kind, disagreement);
    }
    if (planted) break;
  }
  const found = Object.fromEntries(caught);
  console.log(`seed ${seed}: ${JSON.stringify({ ...counts, failures, found })}`);
  if (planted) return [...caught.values()].every((count) => count > 0) ? 0 : 1;
  return failures > 0 ? 1 : 0;
}

/** Leaves an archive that was installed otherwise than described, and says so. */
function keep(kind: Kind, { archive, manager, lines }: Disagreement): void {
  const name = `handoff-${kind}-${manager}-${seed}-${archive.round}`;
  const detail = [...lines.slice(0, 10), `accepted with: ${archive.warnings.join(', ')}`].join(
    '\n',
  );
  writeFileSync(join(folder, `${name}.tgz`), archive.tgz);
  writeFileSync(join(folder, `${name}.txt`), `${detail}\n`);
  console.log(`round ${archive.round}, ${kind}, ${manager}:\n${detail}\nkept as .fuzz/${name}.tgz`);
}
