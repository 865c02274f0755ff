import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { built } from '../built.ts';
import { contest, wallRows, type Contender } from '../contest.ts';
import { makeArchive, type MadeArchive } from '../growth/made-archives.ts';
import { startMadePackages } from '../growth/made-packages.ts';
import { withMadeProject } from '../growth/made-project.ts';
import { rememberedRows } from '../growth/stores.ts';
import { installs, type Manager } from '../installs/install.ts';
import { cold, warm } from '../installs/scenes.ts';
import { scratch } from '../installs/scratch.ts';
import { measure } from '../measure.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';
import { npmManager } from './npm.ts';
import { pnpmManager } from './pnpm.ts';
import { yarnManager } from './yarn.ts';

/** Numbers of packages of a project. */
const PACKAGES = [100, 500, 2000, 5000] as const;
/** An install of 5,000 packages takes long. */
const ROUNDS_MOST = 3;

const KB = 1000;
const MB = 1000 * KB;
const SIZES = [KB, 10 * KB, 100 * KB, MB, 10 * MB, 100 * MB, 500 * MB] as const;
/** Bytes that a scan may hold beside the archive. */
const MEMORY_GOAL = 128e6;

/** How the cost of the guard grows with the packages of a project, the size of an archive, and the verdicts in a store. */
export async function growth(context: Context): Promise<Row[]> {
  const { rounds, disk } = context;
  const { folder } = scratch(disk);
  return [
    ...(await byPackages({ ...context, rounds: Math.min(rounds, ROUNDS_MOST) })),
    ...(await bySize(folder, Math.min(rounds, ROUNDS_MOST))),
    ...(await rememberedRows(folder, rounds)),
  ];
}

/** Installs of projects of made packages, all of them direct dependencies. */
async function byPackages(context: Context): Promise<Row[]> {
  const packages = await startMadePackages(Math.max(...PACKAGES));
  const made: Context = { ...context, before: undefined, mirror: async () => packages };
  const rows: Row[] = [];
  try {
    for (const count of PACKAGES)
      for (const manager of [npmManager(made), pnpmManager('12', made), yarnManager(made)]) {
        const measured = twoInstalls(withMadeProject(manager, packages, count));
        rows.push(...(await installs(measured, made)));
      }
  } finally {
    packages.close();
  }
  return rows;
}

/** The manager with the two installs that are compared. */
function twoInstalls(manager: Manager): Manager {
  const withoutSignatures = cold(manager.scenes[0]?.without ?? [], {});
  return {
    ...manager,
    title: `growth: ${manager.title}`,
    scenes: [
      {
        ...withoutSignatures,
        entrants: withoutSignatures.entrants.filter(
          ({ guard, forget }) => guard === 'none' || forget,
        ),
      },
      warm({}),
    ],
  };
}

/** Whole runs of `tarwarden scan` for an archive. */
async function bySize(parent: string, rounds: number): Promise<Row[]> {
  const folder = mkdtempSync(join(parent, 'tarwarden-growth-'));
  try {
    const archives: (MadeArchive & { readonly size: number })[] = [];
    for (const size of SIZES) archives.push({ ...(await makeArchive(folder, size)), size });
    const contenders = archives.map(({ file, size }): Contender => ({
      name: size < MB ? `${size / KB} kB` : `${size / MB} MB`,
      run: () =>
        measure({
          argv: [
            process.execPath,
            built('cli/bin/tarwarden.js'),
            'scan',
            '--reporter',
            'ndjson',
            file,
          ],
          quiet: true,
        }),
    }));
    const rows = wallRows(
      'growth: scan of one archive',
      contenders,
      await contest(contenders, rounds),
    );
    return rows.map((row, at) => ({
      ...row,
      fileBytes: archives[at]!.bytes,
      goal: { of: 'memory', most: MEMORY_GOAL },
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
