/** bun by each road, hostile and clean. */
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '@tarwarden/core';
import { printable } from '@tarwarden/core/text';
import { describe, expect, test } from 'vitest';
import { attack, coreAttacks, type Attack } from '../../support/attacks.ts';
import { available, type Result } from '../../support/managers.ts';
import { tree } from '../../support/sandbox.ts';
import {
  bare,
  cleanTarball,
  forget,
  guarded,
  MANIFEST,
  publish,
  SUBJECT,
  useBench,
  type Bench,
} from './guarded.ts';
import { removeAll, roads, type Road } from './roads.ts';

/** Every attack on every road; without it, every attack on the first road, one on each of the others, and fewer looks at bun alone. */
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';

const attacks: readonly Attack[] = [
  ...coreAttacks,
  ...['fifo', 'gzip-second-member', 'symlink-chain'].map(attack),
];

function attacksOn(index: number): readonly Attack[] {
  if (FULL || index === 0) return attacks;
  return attacks.slice(index % attacks.length, (index % attacks.length) + 1);
}

function expectMessage({ stderr }: Result, { id, rule }: Attack, bytes: Buffer): void {
  expect(stderr).toMatch(new RegExp(`tarwarden: refused ${SUBJECT}@`));
  const { findings } = inspect(bytes);
  for (const one of rule) {
    const finding = findings.find((found) => found.rule === one);
    expect(finding, `${id} has no ${one}`).toBeDefined();
    expect(stderr).toContain(printable(finding?.entry ?? ''));
  }
  expect(stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
}

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = useBench();

  async function prepared(road: Road, bytes: Buffer): Promise<void> {
    publish(bench, bytes);
    await road.prepare?.(bench, bytes);
  }

  describe.each(roads.map((road, index) => ({ road, index })))('$road.id', ({ road, index }) => {
    test.each(attacksOn(index))('refuses $title', async (hostile) => {
      const bytes = hostile.build({ name: SUBJECT, manifest: MANIFEST });
      await prepared(road, bytes);
      const lock = join(bench.sandbox.project, 'bun.lock');
      const before = existsSync(lock) ? readFileSync(lock, 'utf8') : undefined;
      const result = await road.run(bench, guarded);
      expect(result).toMatchObject({ timedOut: false });
      expect(result.code).not.toBe(0);
      expect(readdirSync(bench.sandbox.temp)).toEqual([]);
      if (road.offline !== true) expectMessage(result, hostile, bytes);
      if (road.installed !== undefined) expect(existsSync(road.installed(bench))).toBe(false);
      else expect(result.stdout).not.toContain('ran');
      expect(existsSync(lock) ? readFileSync(lock, 'utf8') : undefined).toBe(before);
    });

    test.runIf(FULL || index % 4 === 0)('is one that bun alone would take', async () => {
      const hostile = coreAttacks[0]!;
      await prepared(road, hostile.build({ name: SUBJECT, manifest: MANIFEST }));
      const result = await road.run(bench, bare);
      if (road.installed !== undefined) {
        expect(result).toMatchObject({ code: 0 });
        expect(existsSync(road.installed(bench))).toBe(true);
      } else expect(bench.registry.downloads().length).toBeGreaterThan(0);
    });

    test('takes a clean package as bun alone does', async () => {
      const bytes = cleanTarball();
      await prepared(road, bytes);
      if (road.offline === true) {
        await guarded(bench, ['install']);
        forget(bench);
      }
      const result = await road.run(bench, guarded);
      expect(result).toMatchObject({ code: 0, timedOut: false });
      expect(result.stderr).not.toMatch(/^tarwarden:/m);
      const folder = road.installed?.(bench);
      if (folder === undefined) {
        expect(result.stdout).toContain('ran\n');
        return;
      }
      expect(tree(realpathSync(folder)).length).toBeGreaterThan(1);
      if (!FULL && index % 2 === 1) return;
      const [files, lock] = [tree(realpathSync(folder)), textOf(bench)];
      rmSync(join(bench.sandbox.project, 'bun.lock'), { force: true });
      forget(bench);
      if (road.offline !== true) removeAll(bench);
      await road.prepare?.(bench, bytes);
      const alone = await road.run(bench, bare);
      expect(alone).toMatchObject({ code: 0 });
      expect(tree(realpathSync(road.installed?.(bench) ?? ''))).toEqual(files);
      expect(textOf(bench)).toBe(lock);
    });
  });
});

function textOf({ sandbox }: Bench): string | undefined {
  const lock = join(sandbox.project, 'bun.lock');
  return existsSync(lock) ? readFileSync(lock, 'utf8') : undefined;
}
