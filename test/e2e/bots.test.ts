/** docs/bots.md: what the bots run, followed by what CI runs, with each set-up. The commands are those of the page. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attack } from '../support/attacks.ts';
import { execute, type Result } from '../support/execute.ts';
import {
  available,
  envFor,
  npms,
  pnpms,
  repository,
  type ManagerName,
} from '../support/managers.ts';
import { commandRows } from '../support/pages.ts';
import { tgz } from '../support/pkg.ts';
import { findProgram } from '../support/programs.ts';
import { startRegistry, type Registry } from '../support/registry.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const PAGE = 'docs/bots.md';
const SUBJECT = 'tarwarden-subject';
const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const packages = join(repository, 'packages');

interface SetUp {
  /** The first cell of its row under "What CI runs". */
  readonly ci: string;
  /** As in the rows of the bots. */
  readonly manager: 'npm' | 'pnpm' | 'Yarn';
  /** Writes the lockfile at first. */
  readonly lock: string;
  /** Brings the guard in, as docs/install.md does. */
  readonly arm: (sandbox: Sandbox) => void;
  readonly versions: readonly ManagerName[];
}

const command = (sandbox: Sandbox): void =>
  sandbox.command('tarwarden', join(packages, 'cli/bin/tarwarden.js'));

const SET_UPS: readonly SetUp[] = [
  {
    ci: 'npm',
    manager: 'npm',
    lock: 'npm install',
    arm: command,
    versions: FULL ? npms : ['npm-12'],
  },
  {
    ci: 'pnpm',
    manager: 'pnpm',
    lock: 'tarwarden pnpm install --no-frozen-lockfile',
    arm: command,
    versions: FULL ? pnpms : ['pnpm-12'],
  },
  {
    ci: 'pnpm, the hook in the repository',
    manager: 'pnpm',
    lock: 'pnpm install --no-frozen-lockfile',
    arm: (sandbox) => {
      const folder = join(sandbox.project, '.tarwarden');
      cpSync(join(packages, 'pnpm-hook/dist'), join(folder, 'dist'), { recursive: true });
      copyFileSync(join(packages, 'pnpm-hook/pnpmfile.cjs'), join(folder, 'pnpmfile.cjs'));
      sandbox.write({ '.pnpmfile.cjs': "module.exports = require('./.tarwarden/pnpmfile.cjs')\n" });
    },
    versions: FULL ? pnpms : ['pnpm-10', 'pnpm-12'],
  },
  {
    ci: 'Yarn',
    manager: 'Yarn',
    lock: 'yarn install --no-immutable',
    arm: (sandbox) => {
      mkdirSync(join(sandbox.project, '.yarn/plugins'), { recursive: true });
      const plugin = '.yarn/plugins/plugin-tarwarden.cjs';
      copyFileSync(
        join(packages, 'yarn-plugin/dist/plugin-tarwarden.cjs'),
        join(sandbox.project, plugin),
      );
      sandbox.write({
        'yarn.lock': '',
        '.yarnrc.yml': `nodeLinker: node-modules\nplugins: ["./${plugin}"]\ntarwardenRequired: true\n`,
      });
    },
    versions: FULL ? ['yarn-3', 'yarn-4'] : ['yarn-4'],
  },
];

const BOTS = commandRows(PAGE, 'What the bots run').map(([name = '', ...commands]) => {
  const [bot = '', manager = ''] = name.split(', ');
  return { bot, manager, commands };
});
const CI = new Map(commandRows(PAGE, 'What CI runs').map(([name = '', line = '']) => [name, line]));

test('the page has a row for each bot, manager and set-up', () => {
  const names = BOTS.map(({ bot, manager }) => `${bot} ${manager}`);
  expect(names.toSorted()).toEqual(
    ['Dependabot', 'Renovate'].flatMap((bot) => ['Yarn', 'npm', 'pnpm'].map((m) => `${bot} ${m}`)),
  );
  expect([...CI.keys()]).toEqual(SET_UPS.map(({ ci }) => ci));
});

let registry: Registry;
let sandbox: Sandbox;
beforeEach(async () => {
  registry = await startRegistry();
  sandbox = makeSandbox({ registry: registry.url, ci: true });
});
afterEach(async () => {
  sandbox.assertSentinelUntouched();
  sandbox.dispose();
  await registry.close();
});

function dependOn(version: string): void {
  const dependencies = { [SUBJECT]: version };
  sandbox.write({
    'package.json': { name: 'project', version: '1.0.0', private: true, dependencies },
  });
}

async function shell(manager: ManagerName, commands: readonly string[]): Promise<Result> {
  return execute(findProgram('sh') ?? 'sh', ['-eu', '-c', commands.join('\n')], {
    cwd: sandbox.project,
    env: envFor(manager, { sandbox }),
    timeout: 240_000,
  });
}

const modules = (): string => join(sandbox.project, 'node_modules');
const isLinked = (): boolean => existsSync(join(modules(), SUBJECT, 'package.json'));
const outputOf = ({ stdout, stderr }: Result): string => `${stdout}${stderr}`;

describe.each(SET_UPS)('$ci', ({ ci, manager, lock, arm, versions }) => {
  const bots = BOTS.filter((one) => one.manager === manager);
  const usable = versions.filter((name) => available(name).ok);
  const each = usable.flatMap((name) => bots.map((bot) => ({ name, ...bot })));

  test.each(each)('$bot, $name', async ({ name, commands }) => {
    registry.publish({ name: SUBJECT, tgz: tgz({ name: SUBJECT }) });
    dependOn('1.0.0');
    arm(sandbox);
    execFileSync('git', ['init', '-q'], { cwd: sandbox.project, env: sandbox.env });
    expect(await shell(name, [lock])).toMatchObject({ code: 0 });

    /** The bot's commands, then those of CI, each on a machine that has no node_modules. */
    async function update(version: string, bytes: Buffer): Promise<{ bot: Result; ci: Result }> {
      registry.publish({ name: SUBJECT, version, tgz: bytes });
      dependOn(version);
      const lines = commands.map((line) =>
        line.replace('NAME', SUBJECT).replace('VERSION', version),
      );
      rmSync(modules(), { recursive: true, force: true });
      const bot = await shell(name, lines);
      rmSync(modules(), { recursive: true, force: true });
      return { bot, ci: await shell(name, [CI.get(ci) ?? 'false']) };
    }

    const clean = await update('1.1.0', tgz({ name: SUBJECT, version: '1.1.0' }));
    expect([outputOf(clean.bot), clean.bot.code]).toEqual([expect.anything(), 0]);
    expect([outputOf(clean.ci), clean.ci.code]).toEqual([expect.anything(), 0]);
    expect(isLinked()).toBe(true);

    const version = '1.2.0';
    const hostile = await update(version, attack('symlink').build({ name: SUBJECT, version }));
    const by = hostile.bot.code === 0 ? hostile.ci : hostile.bot;
    expect(by.code).not.toBe(0);
    expect(outputOf(by)).toContain(`refused ${SUBJECT}@${version}`);
    expect(hostile.ci.code).not.toBe(0);
    expect(isLinked()).toBe(false);
  });
});
