import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../test/fuzz/random.ts';
import { built } from '../built.ts';
import { contest, wallRows, type Contender } from '../contest.ts';
import { scratch } from '../installs/scratch.ts';
import { measure } from '../measure.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

const FILES = 25_000;
const FOLDERS = 2500;
const BYTES = 430e6;
/** The most wall time, on two idle cores. */
const GOAL_MS = 1000;

/** `tarwarden seal` on a cache as large as that of a large project, beside a program that hashes the same files. */
export async function seal({ rounds, disk }: Context): Promise<Row[]> {
  const { folder: parent, title } = scratch(disk);
  const root = mkdtempSync(join(parent, 'tarwarden-bench-seal-'));
  try {
    const folder = join(root, 'cache');
    fill(folder);
    const env = { ...process.env, TARWARDEN_SEAL_KEY: 'x'.repeat(64) };
    const program = [process.execPath, built('cli/bin/tarwarden.js'), 'seal'];
    const hashes = 'sha256sum, one process';
    const contender = (name: string, argv: string[], over?: string): Contender => ({
      name,
      ...(over !== undefined && { over }),
      run: async () => measure({ argv, env, quiet: true }),
    });
    const list = ['find', folder, '-type', 'f', '-exec', 'sha256sum', '{}', '+'];
    const contenders = [
      contender(hashes, list),
      contender('seal write', [...program, 'write', folder], hashes),
      contender('seal check', [...program, 'check', folder], hashes),
    ];
    const group = `a folder of ${BYTES / 1e6} MB in ${FILES} files, ${title}`;
    const rows = wallRows(group, contenders, await contest(contenders, rounds));
    return rows.map((row) =>
      row.name === hashes ? row : { ...row, goal: { of: 'time', most: GOAL_MS } },
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Many small files and a few large ones, as packages have them: a file is half as often twice as long. */
function fill(folder: string): void {
  const random = new Random(1);
  const lengths = Array.from({ length: FILES }, () => 1 / (random.int(1000) + 1));
  const unit = BYTES / lengths.reduce((sum, length) => sum + length, 0);
  const bytes = Buffer.alloc(Math.ceil(unit), 'content of a file\n');
  for (const [at, length] of lengths.entries()) {
    const place = join(folder, `${at % 50}`, `${at % FOLDERS}`);
    mkdirSync(place, { recursive: true });
    bytes.writeUInt32LE(at);
    writeFileSync(join(place, `${at}.js`), bytes.subarray(0, Math.ceil(length * unit)));
  }
}
