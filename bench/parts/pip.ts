import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { startIndex } from '../../test/support/pip/index.ts';
import { wheelOf, type Dist } from '../../test/support/pip/packages.ts';
import { system } from '../../test/support/pip/pips.ts';
import { INTO, pipWorld, type PipWorld } from '../../test/support/pip/world.ts';
import { built } from '../built.ts';
import { COLD, installRows, startupRows, WARM } from '../guarded.ts';
import { measure, type Reading } from '../measure.ts';
import type { Context } from '../part.ts';
import type { Goal, Row } from '../result.ts';

/** Real wheels, of pip, setuptools and others, in Debian's python3-pip and python3-venv. */
const WHEELS = '/usr/share/python-wheels';
/** Small ones beside them, as most of a project's are. */
const SMALL = 30;

function realWheels(): readonly Dist[] {
  const names = existsSync(WHEELS)
    ? readdirSync(WHEELS).filter((name) => name.endsWith('.whl'))
    : [];
  return names.map((fileName) => ({
    project: fileName.slice(0, fileName.indexOf('-')),
    fileName,
    bytes: readFileSync(join(WHEELS, fileName)),
  }));
}

/** Installs with the system's pip, from an index on the loopback address. */
export async function pip({ rounds }: Context): Promise<Row[]> {
  const small = Array.from({ length: SMALL }, (_, at) => wheelOf({ name: `small${at}` }));
  const dists = [...realWheels(), ...small];
  const index = await startIndex({ dists });
  const world = pipWorld(system);
  try {
    const install = ['install', ...INTO, '--no-deps', '--index-url', index.url];
    const args = [...install, ...dists.map(({ project }) => project)];
    const bench = { world, rounds };
    return [
      ...(await startup(bench)),
      ...(await installs('cold', bench, [...args, '--no-cache-dir'], COLD)),
      ...(await installs('warm', bench, args, WARM)),
    ];
  } finally {
    world.dispose();
    index.close();
  }
}

interface Bench {
  readonly world: PipWorld;
  readonly rounds: number;
}

async function run(world: PipWorld, args: readonly string[], guarded: boolean): Promise<Reading> {
  const { project, bin } = world.sandbox;
  const argv = guarded
    ? [process.execPath, built('cli/bin/tarwarden.js'), 'pip', ...args]
    : [join(bin, 'pip'), ...args];
  return measure({ argv, cwd: project, env: world.env });
}

async function installs(
  scene: 'cold' | 'warm',
  { world, rounds }: Bench,
  args: readonly string[],
  goal: Goal,
): Promise<Row[]> {
  const prepared = async (guarded: boolean): Promise<Reading> => {
    rmSync(world.site, { recursive: true, force: true });
    if (scene === 'cold')
      rmSync(join(world.sandbox.root, 'xdg/cache/tarwarden'), { recursive: true, force: true });
    return run(world, args, guarded);
  };
  return installRows({ bare: 'pip', rounds, group: `pip install, ${scene}`, goal }, prepared);
}

async function startup({ world, rounds }: Bench): Promise<Row[]> {
  const args = ['list', '--path', world.site];
  return startupRows({ bare: 'pip list', rounds }, async (guarded) => run(world, args, guarded));
}
