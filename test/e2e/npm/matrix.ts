/** Each npm, each road, hostile and clean: what one matrix file runs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '@tarwarden/core';
import { printable } from '@tarwarden/core/text';
import { describe, expect, test } from 'vitest';
import { coreAttacks, type Attack } from '../../support/attacks.ts';
import { available, type NpmName, type Result } from '../../support/managers.ts';
import { tree } from '../../support/sandbox.ts';
import {
  cleanTarball,
  guarded,
  publish,
  scriptsRun,
  SUBJECT,
  wrapped,
  useBench,
  type Bench,
} from './guarded.ts';
import { roads, type Road } from './roads.ts';

/**
 * Every attack on every road; without it, every attack on the first road and one on each of the others, with npm 12. The older ones have
 * by turns an attack and a clean package, npm 10 where npm 11 has the other, and come by way of `NODE_OPTIONS` alone.
 */
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

const guards = { NODE_OPTIONS: guarded, runNpm: wrapped };

const both: readonly (keyof typeof guards)[] = ['NODE_OPTIONS', 'runNpm'];
const isWhole = (npm: NpmName): boolean => FULL || npm === 'npm-12';

/** The guards under which a clean package comes by a road. */
function guardsOf(index: number, npm: NpmName): typeof both {
  if (isWhole(npm)) return both;
  return isCleanTurn(index, npm) ? ['NODE_OPTIONS'] : [];
}

const isCleanTurn = (index: number, npm: NpmName): boolean =>
  index % 2 === Number(npm === 'npm-10');

function attacksOn(index: number, npm: NpmName): readonly Attack[] {
  if (FULL || (index === 0 && isWhole(npm))) return coreAttacks;
  if (!isWhole(npm) && isCleanTurn(index, npm)) return [];
  const at = (index + Number(npm.slice('npm-'.length))) % coreAttacks.length;
  return coreAttacks.slice(at, at + 1);
}

/** What a refused install must leave as it was. npm makes node_modules before it knows, and leaves it empty. */
function surroundings({ sandbox }: Bench): Record<string, string[]> {
  const unlessEmpty = (lines: string[]): string[] =>
    lines.filter((line, at) => {
      const folder = /^dir (.*node_modules)$/.exec(line)?.[1];
      return folder === undefined || lines[at + 1]?.includes(` ${folder}/`) === true;
    });
  return {
    project: unlessEmpty(tree(sandbox.project)),
    prefix: unlessEmpty(tree(sandbox.npmPrefix)),
    npx: tree(join(sandbox.npmCache, '_npx')).filter((line) => line.includes(SUBJECT)),
  };
}

function expectMessage(result: Result, attack: Attack, bytes: Buffer): void {
  const { stderr } = result;
  expect(stderr).toContain(`refused ${SUBJECT}@1.0.0`);
  const { findings } = inspect(bytes);
  for (const rule of attack.rule) {
    const finding = findings.find((one) => one.rule === rule);
    expect(finding, `${attack.id} has no ${rule}`).toBeDefined();
    expect(stderr).toContain(`${rule}: ${printable(finding?.entry ?? '')}`);
  }
  expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
}

export function matrix(npm: NpmName): void {
  const here = available(npm);
  describe.skipIf(!here.ok)(`${npm}`, () => {
    const bench = useBench(npm);

    async function expectRefused(
      road: Road,
      attack: Attack,
      guard: keyof typeof guards,
    ): Promise<void> {
      const bytes = attack.build({ name: SUBJECT, manifest: bench.manifest });
      publish(bench, bytes);
      await road.prepare?.(bench, bytes);
      const before = surroundings(bench);
      const result = await road.run(bench, guards[guard]);
      expect(result).toMatchObject({ code: 1, timedOut: false });
      expectMessage(result, attack, bytes);
      expect(surroundings(bench)).toEqual(before);
      expect(scriptsRun(bench)).toEqual([]);
    }

    async function expectInstalled(road: Road, guard: keyof typeof guards): Promise<void> {
      const bytes = cleanTarball(bench);
      publish(bench, bytes);
      await road.prepare?.(bench, bytes);
      const result = await road.run(bench, guards[guard]);
      expect(result).toMatchObject({ code: 0, timedOut: false });
      expect(result.stderr).not.toMatch(/^tarwarden:/m);
      const folder = road.installed?.(bench);
      if (folder === undefined) return expect(result.stdout).toBe('ran\n');
      expect(readFileSync(join(folder, 'index.js'), 'utf8')).toContain('ran');
    }

    describe.each(roads.map((road, index) => ({ road, index })))('$road.id', ({ road, index }) => {
      test.each(attacksOn(index, npm))('refuses $title', (attack) =>
        expectRefused(road, attack, 'NODE_OPTIONS'),
      );
      test.runIf(isWhole(npm))('refuses by way of runNpm', () => {
        const attack = coreAttacks[index % coreAttacks.length];
        if (attack === undefined) throw new Error('there are no attacks');
        return expectRefused(road, attack, 'runNpm');
      });
      test.each(guardsOf(index, npm))('takes a clean package: %s', (guard) =>
        expectInstalled(road, guard),
      );
    });
  });
}
