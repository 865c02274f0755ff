import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { envFor } from '../../test/support/managers.ts';
import { makeSandbox } from '../../test/support/sandbox.ts';
import { built } from '../built.ts';
import { contest, wallOf, type Contender } from '../contest.ts';
import { measure, type Command } from '../measure.ts';
import type { Context } from '../part.ts';
import type { Goal, Row } from '../result.ts';
import { ratios, spread } from '../stats.ts';

/** These are short: more rounds cost little, and the median moves less. */
const TIMES = 3;

/** Milliseconds that an adapter may add to the same without. */
const GOAL: Goal = { of: 'time', most: 15 };
/** No adapter: it is started by people, and once for a whole npm. */
const CLI = 'tarwarden --version';

/** The cost of loading the adapter, which every install has before the first inspection. */
export async function startup({ rounds }: Context): Promise<Row[]> {
  const sandbox = makeSandbox();
  try {
    const node = process.execPath;
    const load = (file: string): Command => ({ argv: [node, '--require', file, '-e', '0'] });
    const groups = [
      {
        bare: { name: 'bare Node', command: { argv: [node, '-e', '0'] } },
        others: {
          'npm preload': load(built('npm-wrapper/dist/preload.cjs')),
          'Yarn classic preload': load(built('yarn-classic-wrapper/dist/preload.cjs')),
          'pnpm hook': load(built('pnpm-hook/dist/index.cjs')),
          [CLI]: { argv: [node, built('cli/bin/tarwarden.js'), '--version'] },
        },
      },
      {
        bare: { name: 'yarn config get', command: yarn(sandbox, 'plain', []) },
        others: {
          'Yarn plugin': yarn(sandbox, 'guarded', [built('yarn-plugin/dist/plugin-tarwarden.cjs')]),
        },
      },
    ];
    const rows: Row[] = [];
    for (const group of groups) rows.push(...(await added(group, rounds * TIMES)));
    return rows;
  } finally {
    sandbox.dispose();
  }
}

/** A command of Yarn that reads its configuration, so loads its plugins, and fetches nothing. */
function yarn(
  sandbox: ReturnType<typeof makeSandbox>,
  name: string,
  plugins: readonly string[],
): Command {
  const cwd = join(sandbox.root, name);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'package.json'), '{}');
  writeFileSync(join(cwd, 'yarn.lock'), '');
  writeFileSync(join(cwd, '.yarnrc.yml'), `plugins: ${JSON.stringify(plugins)}\n`);
  return { argv: ['yarn', 'config', 'get', 'nodeLinker'], cwd, env: envFor('yarn-4', { sandbox }) };
}

interface Group {
  readonly bare: { readonly name: string; readonly command: Command };
  readonly others: Readonly<Record<string, Command>>;
}

async function added({ bare, others }: Group, rounds: number): Promise<Row[]> {
  const contenders: Contender[] = [
    { name: bare.name, run: () => measure(bare.command) },
    ...Object.entries(others).map(([name, command]) => ({ name, run: () => measure(command) })),
  ];
  const readings = await contest(contenders, rounds);
  const base = wallOf(readings.get(bare.name) ?? []);
  return Object.keys(others).map((name) => {
    const own = wallOf(readings.get(name) ?? []);
    return {
      group: `added to ${bare.name}`,
      name,
      time: spread(own.map((value, round) => value - base[round]!)),
      unit: 'added ms',
      rounds,
      over: bare.name,
      ratio: ratios(own, base),
      ...(name !== CLI && { goal: GOAL }),
    };
  });
}
