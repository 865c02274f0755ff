/** Each way in, hostile and clean, with the guard and without: what one matrix file runs. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '@tarwarden/core';
import { printable } from '@tarwarden/core/text';
import { describe, expect, test } from 'vitest';
import { coreAttacks, type Attack } from '../../support/attacks.ts';
import { available, type Result, type YarnClassicName } from '../../support/managers.ts';
import { tree } from '../../support/sandbox.ts';
import {
  cacheOf,
  cleanTarball,
  guarded,
  lockfileOf,
  publish,
  scriptsRun,
  SUBJECT,
  unguarded,
  useBench,
  type Bench,
} from './guarded.ts';
import { globalOf, roads, type Road } from './roads.ts';

/** Every attack on every road; without it, every attack on the first road and one on each of the others, and fewer comparisons with Yarn alone. */
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

function attacksOn({ taken }: Road, index: number): readonly Attack[] {
  // A hardlink to what is not there stops Yarn alone as well.
  const possible = coreAttacks.filter(({ id }) => taken !== true || id !== 'hardlink');
  if (FULL || index === 0) return possible;
  return possible.slice(index % possible.length, (index % possible.length) + 1);
}

/** What a refused install must leave as it was; npm in a script makes node_modules before it knows, and leaves it empty. */
function surroundings(bench: Bench): Record<string, string[]> {
  const { sandbox } = bench;
  const lines = tree(sandbox.project);
  const project = lines.filter(
    (line, at) => !/^dir .*node_modules$/.test(line) || /node_modules\//.test(lines[at + 1] ?? ''),
  );
  const modules = join(globalOf(bench), 'node_modules');
  return { project, global: existsSync(modules) ? tree(modules) : [] };
}

function expectMessage({ stdout, stderr }: Result, attack: Attack, bytes: Buffer): void {
  expect(stderr).toContain(`refused ${SUBJECT}@1.0.0`);
  const { findings } = inspect(bytes);
  for (const rule of attack.rule) {
    const entry = findings.find((one) => one.rule === rule)?.entry;
    expect(stderr).toContain(rule);
    if (entry !== undefined) expect(stderr).toContain(printable(entry));
  }
  expect(stdout + stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
}

export function matrix(yarn: YarnClassicName, only?: ReadonlySet<string>): void {
  const chosen = roads
    .map((road, index) => ({ road, index }))
    .filter(({ road }) => only?.has(road.id) ?? true);
  describe.skipIf(!available(yarn).ok)(`${yarn}`, () => {
    const bench = useBench(yarn);

    async function expectRefused(road: Road, attack: Attack): Promise<void> {
      const bytes = attack.build({ name: SUBJECT, manifest: bench.manifest });
      publish(bench, bytes);
      await road.prepare?.(bench, bytes);
      const before = surroundings(bench);
      const result = await road.run(bench, guarded);
      expect(result).toMatchObject({ code: 1, timedOut: false });
      expectMessage(result, attack, bytes);
      expect(surroundings(bench)).toEqual(before);
      expect(scriptsRun(bench)).toEqual([]);
    }

    async function expectInstalled(road: Road): Promise<void> {
      const bytes = cleanTarball(bench);
      publish(bench, bytes);
      await road.prepare?.(bench, bytes);
      const result = await road.run(bench, guarded);
      expect(result).toMatchObject({ code: 0, timedOut: false });
      expect(result.stderr).not.toMatch(/^tarwarden:/m);
      const folder = road.installed!(bench);
      expect(readFileSync(join(folder, 'index.js'), 'utf8')).toContain('ran');
    }

    describe.each(chosen)('$road.id', ({ road, index }) => {
      test.each(attacksOn(road, index))('refuses $title', (attack) => expectRefused(road, attack));
      test('takes a clean package', () => expectInstalled(road));
      test.runIf(FULL || index % 2 === 0)('by itself Yarn takes a hostile one', async () => {
        const attack = coreAttacks.find(({ id }) => id === 'duplicate-path')!;
        const bytes = attack.build({ name: SUBJECT, manifest: bench.manifest });
        publish(bench, bytes);
        await road.prepare?.(bench, bytes);
        const result = await road.run(bench, unguarded);
        // What npm does with it in a script is npm's own.
        if (road.id === 'npm in a script') return;
        expect(result).toMatchObject({ code: 0 });
        expect(existsSync(join(road.installed!(bench), 'package.json'))).toBe(true);
      });
      test.runIf(FULL || index % 2 === 0)('yarn.lock is what Yarn alone writes', async () => {
        const bytes = cleanTarball(bench);
        publish(bench, bytes);
        const { sandbox } = bench;
        const manifest = readFileSync(join(sandbox.project, 'package.json'), 'utf8');
        const texts: (string | undefined)[] = [];
        for (const guard of [unguarded, guarded]) {
          for (const folder of [sandbox.project, cacheOf(sandbox)])
            rmSync(folder, { recursive: true, force: true });
          sandbox.write({ 'package.json': manifest });
          await road.prepare?.(bench, bytes);
          expect(await road.run(bench, guard)).toMatchObject({ code: 0 });
          texts.push(lockfileOf(bench));
        }
        expect(texts[1]).toBe(texts[0]);
      });
    });
  });
}
