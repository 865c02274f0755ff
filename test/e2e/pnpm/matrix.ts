/** Each pnpm, each road, hostile and clean: what one matrix file runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '@tarwarden/core';
import { describe, expect, test, type TestContext } from 'vitest';
import { coreAttacks, type Attack } from '../../support/attacks.ts';
import { available, type PnpmName, type Result } from '../../support/managers.ts';
import {
  cleanTarball,
  publish,
  SUBJECT,
  surroundings,
  UnguardedFailure,
  useBench,
} from './guarded.ts';
import { roads, type Road } from './roads.ts';

/**
 * Every attack on every road; without it, every attack on the first road and one on each of the others, with pnpm 12. pnpm 10 and 11 run
 * the hook alike. They share the roads, and each has by turns an attack and a clean package.
 */
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

/** pnpm takes these by itself, so that they can lie in its store. */
const storable = coreAttacks.filter(({ id }) => ['symlink', 'hardlink', 'duplicate'].includes(id));

const isWhole = (pnpm: PnpmName): boolean => FULL || pnpm === 'pnpm-12';

/** For pnpm 10 and 11: what a road has of four turns. */
function isTurn(index: number, pnpm: PnpmName, kind: 'attack' | 'clean'): boolean {
  const own = pnpm === 'pnpm-10' ? { attack: [0, 2], clean: [1, 3] } : { attack: [1], clean: [] };
  return isWhole(pnpm) || own[kind].includes(index % 4);
}

function attacksOn(index: number, pnpm: PnpmName): readonly Attack[] {
  if (FULL || (index === 0 && isWhole(pnpm))) return coreAttacks;
  if (!isTurn(index, pnpm, 'attack')) return [];
  const at = (isWhole(pnpm) ? index : Math.floor(index / 2)) % storable.length;
  return storable.slice(at, at + 1);
}

export function expectRefusal(result: Result, attack: Attack, bytes: Buffer): void {
  const { stderr } = result;
  expect(stderr).toContain('tarwarden: refused ');
  expect(stderr).toContain(SUBJECT.slice(-'subject'.length));
  const { findings } = inspect(bytes);
  for (const rule of attack.rule) {
    expect(findings.map((finding) => finding.rule)).toContain(rule);
    expect(stderr).toContain(rule);
  }
  expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
}

export function matrix(pnpm: PnpmName): void {
  const here = available(pnpm);
  describe.skipIf(!here.ok)(`${pnpm}`, () => {
    const bench = useBench(pnpm);

    async function expectRefused(road: Road, attack: Attack, context: TestContext): Promise<void> {
      const bytes = attack.build({ name: SUBJECT });
      publish(bench, bytes);
      try {
        await road.prepare(bench, bytes);
      } catch (error) {
        if (error instanceof UnguardedFailure) context.skip('pnpm refuses this by itself');
        throw error;
      }
      const before = surroundings(bench, road.separate);
      const result = await road.run(bench);
      expect(result).toMatchObject({ code: 1, timedOut: false });
      expectRefusal(result, attack, bytes);
      expect(surroundings(bench, road.separate)).toEqual(before);
    }

    async function expectInstalled(road: Road): Promise<void> {
      const bytes = cleanTarball();
      publish(bench, bytes);
      await road.prepare(bench, bytes);
      const result = await road.run(bench);
      expect(result).toMatchObject({ code: 0, timedOut: false });
      expect(result.stderr).not.toContain('tarwarden:');
      const folder = road.installed?.(bench);
      if (folder !== undefined)
        expect(readFileSync(join(folder, 'index.js'), 'utf8')).toContain('ran');
    }

    describe.each(roads.map((road, index) => ({ road, index })))('$road.id', ({ road, index }) => {
      test.for(attacksOn(index, pnpm))('refuses $title', (attack, context) =>
        expectRefused(road, attack, context),
      );
      test.runIf(isTurn(index, pnpm, 'clean'))('takes a clean package', () =>
        expectInstalled(road),
      );
    });
  });
}
