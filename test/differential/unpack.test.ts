/** What `unpack` writes against what node-tar writes with the first folder stripped, for generated archives. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspect } from '@tarwarden/core';
import { unpack } from '@tarwarden/guard';
import { inputOf } from '../fuzz/generate.ts';
import { seedTars } from '../fuzz/seeds.ts';
import { tree } from '../support/tree.ts';
import { differences, type FileMap } from './oracles/file-map.ts';
import { programs } from './oracles/programs.ts';

const SEED = 20_261_125;
const ROUNDS = 600;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tarwarden-unpack-diff-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function onDisk(bytes: Buffer, name: string): FileMap {
  const destination = join(folder, name);
  expect(unpack(bytes, destination).status).toBe('unpacked');
  const files = tree(destination).flatMap((line) => {
    const [, path, sha256, mode] = /^file (.*) ([0-9a-f]{64}) ([0-7]+)$/s.exec(line) ?? [];
    if (path === undefined || sha256 === undefined) return [];
    return [
      [path, { sha256, executable: (Number.parseInt(mode ?? '', 8) & 0o100) !== 0 }] as const,
    ];
  });
  rmSync(destination, { recursive: true });
  return new Map(files);
}

describe('unpack', () => {
  it('writes every accepted archive, and what node-tar writes', async () => {
    const nodeTar = programs.find(({ name }) => name === 'node-tar on disk');
    const seeds = await seedTars();
    const disagreements: string[] = [];
    let accepted = 0;
    let compared = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = inputOf(SEED, round, seeds);
      if (inspect(bytes).status !== 'accept') continue;
      accepted++;
      const ours = onDisk(bytes, String(round));
      let theirs: FileMap | undefined;
      try {
        theirs = await nodeTar?.read(bytes);
      } catch {
        // Refused, which an archive accepted with a warning may be.
        continue;
      }
      compared++;
      const lines = differences(ours, theirs ?? new Map());
      disagreements.push(...lines.map((line) => `round ${round}: ${line}`));
    }
    expect(disagreements).toEqual([]);
    expect(accepted).toBeGreaterThan(ROUNDS / 20);
    expect(accepted).toBeLessThan(ROUNDS);
    expect(compared).toBeGreaterThan(accepted / 2);
    console.log(
      `unpack and node-tar: ${accepted} of ${ROUNDS} archives accepted, ${compared} compared, all alike`,
    );
  });
});
