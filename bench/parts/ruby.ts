import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { makeGem, type Offered } from '../../test/support/gem/gems.ts';
import { startGemServer } from '../../test/support/gem/index.ts';
import { system } from '../../test/support/gem/rubies.ts';
import { rubyWorld, type RubyWorld } from '../../test/support/gem/world.ts';
import { built } from '../built.ts';
import { COLD, installRows, startupRows, WARM } from '../guarded.ts';
import { measure, type Reading } from '../measure.ts';
import type { Context, Part } from '../part.ts';
import type { Goal, Row } from '../result.ts';

/** As the gems of a project: most of them small, some with many files, one with large ones. */
function gems(): Offered[] {
  const text = (bytes: number): string => randomBytes(bytes / 2).toString('hex');
  const files = (count: number, bytes: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [`lib/part/file${at}.rb`, `# ${text(bytes)}\n`]),
    );
  return [
    ...Array.from({ length: 30 }, (_, at) => makeGem({ name: `small${at}` })),
    ...Array.from({ length: 8 }, (_, at) =>
      makeGem({ name: `middle${at}`, files: files(100, 6000) }),
    ),
    makeGem({ name: 'large', files: files(20, 400_000) }),
  ];
}

interface Bench {
  readonly tool: 'gem' | 'bundle';
  readonly world: RubyWorld;
  readonly rounds: number;
}

/** Installs with the system's gem or Bundler, from a server on the loopback address. */
export function ruby(tool: 'gem' | 'bundle'): Part['run'] {
  return async ({ rounds }: Context): Promise<Row[]> => {
    const offered = gems();
    const server = await startGemServer({ gems: offered });
    const world = rubyWorld(system);
    try {
      const names = offered.map(({ name }) => name);
      world.gemfile(`source '${server.url}'`, ...names.map((name) => `gem '${name}'`));
      const source = ['--clear-sources', '--source', server.url];
      const args =
        tool === 'gem' ? ['install', '--no-document', ...source, ...names] : ['install', '--quiet'];
      const bench = { tool, world, rounds };
      return [
        ...(await startup(bench)),
        ...(await installs('cold', bench, { args, goal: COLD })),
        ...(await installs('warm', bench, { args, goal: WARM })),
      ];
    } finally {
      world.dispose();
      server.close();
    }
  };
}

async function run(bench: Bench, args: readonly string[], guarded: boolean): Promise<Reading> {
  const { tool, world } = bench;
  const argv = guarded
    ? [process.execPath, built('cli/bin/tarwarden.js'), tool, ...args]
    : [join(world.sandbox.bin, tool), ...args];
  return measure({ argv, cwd: world.sandbox.project, env: world.env });
}

/** Warm: the verdicts are remembered. The client fetches all of it in either. */
async function installs(
  scene: 'cold' | 'warm',
  bench: Bench,
  { args, goal }: { readonly args: readonly string[]; readonly goal: Goal },
): Promise<Row[]> {
  const { tool, world, rounds } = bench;
  const prepared = async (guarded: boolean): Promise<Reading> => {
    rmSync(world.gemHome, { recursive: true, force: true });
    mkdirSync(world.gemHome);
    if (scene === 'cold')
      rmSync(join(world.sandbox.root, 'xdg/cache/tarwarden'), { recursive: true, force: true });
    return run(bench, args, guarded);
  };
  const group = `${tool} install, ${scene}`;
  return installRows({ bare: tool, rounds, group, goal }, prepared);
}

async function startup(bench: Bench): Promise<Row[]> {
  const { tool, rounds } = bench;
  return startupRows({ bare: `${tool} --version`, rounds }, async (guarded) =>
    run(bench, ['--version'], guarded),
  );
}
