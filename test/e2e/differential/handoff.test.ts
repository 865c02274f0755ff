/**
 * What a guard hands on is read as what it inspected: archives that are accepted, installed by real managers under the built
 * guards, file by file as the core describes them. The same each time; `pnpm fuzz:handoff` goes on with others.
 * TARWARDEN_E2E_FULL=1 takes all managers, the newest of each kind otherwise.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchOf, handedOn, type Batch, type Kind } from '../../fuzz/handoff/batch.ts';
import { plantedBundles } from '../../fuzz/handoff/planted.ts';
import { seedTars } from '../../fuzz/seeds.ts';
import { available, type ManagerName } from '../../support/managers.ts';
import { GUARDED } from '../views/guard-set-up.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';
const chosen = GUARDED.filter((name) => full || /-(?:4|12)$/.test(name));
/** Whose reader guesses the format of what it is given instead of the file. */
const guessing = chosen.filter((name) => /^(?:npm-|yarn-4)/.test(name));

const SEED = 3;
const SIZES: Readonly<Record<Kind, number>> = { any: 30, foreign: 12 };
const kinds = Object.keys(SIZES) as readonly Kind[];

const batches = new Map<Kind, Batch>();
beforeAll(async () => {
  const seeds = await seedTars();
  for (const kind of kinds)
    batches.set(kind, batchOf(kind, SIZES[kind], { seed: SEED, round: 0, seeds }));
});

function batch(kind: Kind): Batch {
  const found = batches.get(kind);
  if (found === undefined) throw new RangeError(`no batch of the kind ${kind}`);
  return found;
}

describe('what the guards hand on', () => {
  it('is of many kinds', () => {
    const { archives } = batch('any');
    expect(new Set(archives.map(({ tgz }) => tgz.toString('latin1'))).size).toBe(SIZES.any);
    expect(archives.filter(({ warnings }) => warnings.length === 0).length).toBeGreaterThan(10);
  });

  const pairs = chosen.flatMap((manager) => kinds.map((kind) => [manager, kind] as const));
  it.for(pairs)('is installed as inspected: %s, %s', async ([manager, kind], { skip }) => {
    const here = available(manager);
    if (!here.ok) return skip(here.reason);
    const { compared, refusals, disagreements } = await handedOn(manager, batch(kind));
    expect(disagreements.map(({ archive, lines }) => ({ round: archive.round, lines }))).toEqual(
      [],
    );
    expect(compared + refusals).toBe(SIZES[kind]);
    expect(compared).toBeGreaterThan(SIZES[kind] / 2);
  });

  // As it once was: the bare tar, which npm and Yarn take for what it begins like.
  it.for(guessing)(
    'would be caught if it were a bare tar: %s',
    async (manager: ManagerName, { skip }) => {
      const here = available(manager);
      if (!here.ok) return skip(here.reason);
      const folder = mkdtempSync(join(tmpdir(), 'tarwarden-planted-'));
      try {
        const { disagreements } = await handedOn(manager, batch('foreign'), plantedBundles(folder));
        expect(disagreements.length).toBeGreaterThan(1);
        const lines = disagreements.flatMap((one) => one.lines);
        expect(lines.some((line) => line.startsWith('"package.json": promised a file'))).toBe(true);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
