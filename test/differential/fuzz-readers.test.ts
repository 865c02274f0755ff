/** A short run of `pnpm fuzz:readers`: that it gives the readers inputs, and that it would find a bug. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNot } from '../fuzz/guided/platform.ts';
import { execute, type Result } from '../support/execute.ts';
import { root } from './oracles/root.ts';

let folder = '';
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tarwarden-fuzz-readers-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fuzzReaders = async (...args: string[]): Promise<Result> =>
  execute(
    process.execPath,
    [join(root, 'scripts/run-ts.mjs'), join(root, 'scripts/fuzz-readers.ts'), ...args],
    { cwd: root, env: process.env },
  );

describe.skipIf(whyNot() !== undefined)('coverage-guided fuzzing', () => {
  it.each([
    ['tar', 500],
    ['zip', 500],
    ['gomod', 500],
  ])('gives the %s reader as many inputs as it is told to', async (target, runs) => {
    const args = ['--target', target, '--runs', String(runs), '--seed', '1', '--folder', folder];
    const { code, stdout, stderr } = await fuzzReaders(...args);
    expect(stderr).toBe('');
    expect(stdout).toContain(`${target}, seed 1: `);
    const [, seeds, inputs, edges] =
      /(\d+) edges, \d+ features of the seeds; (\d+) inputs, (\d+) edges/.exec(stdout) ?? [];
    expect(Number(inputs)).toBe(runs);
    // The core's code, and nothing else, is what it sees.
    expect(Number(seeds)).toBeGreaterThan(300);
    expect(Number(edges)).toBeGreaterThanOrEqual(Number(seeds));
    expect(code).toBe(0);
  });

  it('finds a bug behind five bytes, and keeps the least input that shows it', async () => {
    const args = ['--target', 'planted', '--runs', '5000000', '--seed', '1', '--folder', folder];
    const { code, stdout } = await fuzzReaders(...args);
    expect(stdout).toContain('planted: crash\n');
    expect(stdout).toContain('Error: the planted bug');
    const [, kept = ''] = /^kept as (.+)$/m.exec(stdout) ?? [];
    expect(readFileSync(kept).toString('latin1')).toBe('\x1f\x8bwar');
    expect(code).toBe(1);
    const again = await fuzzReaders('--target', 'planted', '--replay', kept);
    expect(again.stdout).toContain('planted: Error\n');
    expect(again.stderr).toContain('the planted bug');
    expect(again.code).toBe(1);
  });
});

it('is refused for a target that there is none of', async () => {
  const { code, stderr } = await fuzzReaders('--target', 'nothing');
  expect(stderr).toMatch(/^usage: fuzz:readers /);
  expect(code).toBe(2);
});
