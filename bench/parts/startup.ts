import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { available, envFor } from '../../test/support/managers.ts';
import { findProgram } from '../../test/support/programs.ts';
import { makeSandbox } from '../../test/support/sandbox.ts';
import { built } from '../built.ts';
import { contest, wallOf, type Contender } from '../contest.ts';
import { measure, type Command } from '../measure.ts';
import type { Context } from '../part.ts';
import type { Goal, Row } from '../result.ts';
import { ratios, spread } from '../stats.ts';

/** These are short: more rounds cost little, and the median moves less. */
const TIMES = 3;

/** Milliseconds that may be added to the same without: by an adapter, by help, by a shim, and by the command before a client. */
const GOALS = { adapter: 15, help: 40, shim: 30, client: 60 } as const;

const NODE = process.execPath;
const CLI = built('cli/bin/tarwarden.js');

/** How each client is asked for its version, and the client of the tests that has it; without one it is the machine's. */
const VERSIONS = [
  ['npm', '-v', 'npm-12'],
  ['npx', '-v', 'npm-12'],
  ['pnpm', '-v', 'pnpm-12'],
  ['yarn', '-v', 'yarn-1'],
  ['yarn', '-v', 'yarn-4'],
  ['bun', '-v', 'bun'],
  ['pip', '--version'],
  ['gem', '--version'],
  ['bundle', '--version'],
  ['go', 'version'],
] as const;

interface Group {
  readonly title: string;
  readonly bare: Command;
  readonly others: Readonly<Record<string, { readonly command: Command; readonly most?: number }>>;
}

/** The cost of loading the adapter, which every install has before the first inspection, and of each command before its client. */
export async function startup({ rounds }: Context): Promise<Row[]> {
  const sandbox = makeSandbox();
  try {
    const load = (file: string) => ({
      command: { argv: [NODE, '--require', file, '-e', '0'] },
      most: GOALS.adapter,
    });
    const own = (...args: string[]): Command => ({ argv: [NODE, CLI, ...args] });
    const plugin = [built('yarn-plugin/dist/plugin-tarwarden.cjs')];
    const groups: Group[] = [
      {
        title: 'bare Node',
        bare: { argv: [NODE, '-e', '0'] },
        others: {
          'npm preload': load(built('npm-wrapper/dist/preload.cjs')),
          'Yarn classic preload': load(built('yarn-classic-wrapper/dist/preload.cjs')),
          'pnpm hook': load(built('pnpm-hook/dist/index.cjs')),
          'tarwarden --version': { command: own('--version') },
          'tarwarden --help': { command: own('--help'), most: GOALS.help },
          'tarwarden completion bash': { command: own('completion', 'bash'), most: GOALS.help },
        },
      },
      {
        title: 'yarn config get',
        bare: yarn(sandbox, 'plain', []),
        others: {
          'Yarn plugin': { command: yarn(sandbox, 'guarded', plugin), most: GOALS.adapter },
        },
      },
      ...versions(sandbox),
    ];
    const rows: Row[] = [];
    for (const group of groups) rows.push(...(await added(group, rounds * TIMES)));
    return rows;
  } finally {
    sandbox.dispose();
  }
}

/** Each client alone, by a shim and behind the command. Clients that are missing here are left out. */
function versions(sandbox: ReturnType<typeof makeSandbox>): Group[] {
  const shims = join(sandbox.root, 'shims');
  const names = [...new Set(VERSIONS.map(([client]) => client))];
  execFileSync(NODE, [CLI, 'shims', ...names.flatMap((name) => ['--manager', name]), shims]);
  return VERSIONS.flatMap(([client, word, name]): Group[] => {
    if (name === undefined ? findProgram(client) === undefined : !available(name).ok) return [];
    const machine = [sandbox.env['PATH'], process.env['PATH']].join(delimiter);
    const env = name === undefined ? { ...sandbox.env, PATH: machine } : envFor(name, { sandbox });
    const behind = { ...env, PATH: [shims, env['PATH']].join(delimiter) };
    const cwd = sandbox.project;
    // `yarn-1` and `yarn-4`, but `npx` for one of the commands of `npm-12`.
    const title = [name?.startsWith(client) === true ? name : client, word].join(' ');
    return [
      {
        title,
        bare: { argv: [client, word], cwd, env },
        others: {
          [`${title}, by the shim`]: {
            command: { argv: [client, word], cwd, env: behind },
            most: GOALS.shim,
          },
          [`tarwarden ${title}`]: {
            command: { argv: [NODE, CLI, client, word], cwd, env },
            most: GOALS.client,
          },
        },
      },
    ];
  });
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

async function added({ title, bare, others }: Group, rounds: number): Promise<Row[]> {
  const contenders: Contender[] = [
    { name: title, run: () => measure(bare) },
    ...Object.entries(others).map(([name, { command }]) => ({ name, run: () => measure(command) })),
  ];
  const readings = await contest(contenders, rounds);
  const base = wallOf(readings.get(title) ?? []);
  return Object.entries(others).map(([name, { most }]) => {
    const own = wallOf(readings.get(name) ?? []);
    return {
      group: `added to ${title}`,
      name,
      time: spread(own.map((value, round) => value - base[round]!)),
      unit: 'added ms',
      rounds,
      over: title,
      ratio: ratios(own, base),
      ...(most !== undefined && { goal: { of: 'time', most } satisfies Goal }),
    };
  });
}
