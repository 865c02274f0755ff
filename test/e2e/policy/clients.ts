/** A hostile repository for each client: it depends on a hostile archive, and commits an exception for exactly its bytes. */
import { createHash } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '@tarwarden/core';
import { goAttacks, GO_MODULE } from '../../support/attacks/go-zip.ts';
import type { Result } from '../../support/execute.ts';
import { makeGem, RULE as GEM_RULE } from '../../support/gem/gems.ts';
import { startGemServer } from '../../support/gem/index.ts';
import { system as ruby } from '../../support/gem/rubies.ts';
import { rubyWorld } from '../../support/gem/world.ts';
import {
  closeGoBench,
  guarded as guardedGo,
  makeGoBench,
  unpackedAt,
} from '../../support/go/bench.ts';
import { startIndex } from '../../support/pip/index.ts';
import { wheelOf } from '../../support/pip/packages.ts';
import { system as pip } from '../../support/pip/pips.ts';
import { INTO, pipWorld } from '../../support/pip/world.ts';
import {
  closeBench,
  duplicate,
  guarded as guardedYarn,
  installedIn,
  makeBench,
  publish,
  SUBJECT,
} from '../yarn-classic/guarded.ts';
import { exception, makeWorld, managersByGuard } from './world.ts';

/** One exception, as a policy file has it. */
export type Fields = Readonly<Record<string, string>>;

export interface HostileRepository {
  /** Of the user who works in it. */
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Exceptions that let the archive pass. */
  readonly exceptions: readonly Fields[];
  readonly install: () => Promise<Result>;
  landed(): boolean;
  /** Removes what was installed; caches stay. */
  uninstall(): void;
  dispose(): Promise<void> | void;
}

export interface Client {
  readonly name: string;
  readonly make: () => Promise<HostileRepository>;
}

const STEADY = { reason: 'looked at', expires: '2999-01-01' };

function hash(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('hex');
}

const npmClients = managersByGuard.map((manager): Client => ({
  name: manager,
  async make() {
    const world = await makeWorld(manager);
    const { project: cwd, env } = world.sandbox;
    world.project(cwd, 'evil');
    return {
      env,
      cwd,
      exceptions: [exception],
      install: () => world.install(),
      landed: () => world.landed('evil'),
      uninstall: () => rmSync(join(cwd, 'node_modules'), { recursive: true, force: true }),
      dispose: () => world.dispose(),
    };
  },
}));

const yarnClassic: Client = {
  name: 'yarn-1',
  async make() {
    const bench = await makeBench();
    const bytes = duplicate(bench);
    publish(bench, bytes);
    const { project: cwd, env } = bench.sandbox;
    const dependencies = { [SUBJECT]: '1.0.0' };
    bench.sandbox.write({ 'package.json': { name: 'project', version: '1.0.0', dependencies } });
    const { findings, archive } = inspect(bytes);
    return {
      env,
      cwd,
      exceptions: findings
        .filter(({ level }) => level === 'error')
        .map(({ rule, entry }) => ({
          package: `${SUBJECT}@1.0.0`,
          rule,
          ...(entry !== undefined && { entry }),
          sha512: archive.sha512,
          ...STEADY,
        })),
      install: () => guardedYarn(bench, ['install']),
      landed: () => existsSync(installedIn(bench)),
      uninstall: () => rmSync(join(cwd, 'node_modules'), { recursive: true, force: true }),
      dispose: () => closeBench(bench),
    };
  },
};

const pipClient: Client = {
  name: 'pip',
  async make() {
    const world = pipWorld(pip);
    const dist = wheelOf({ name: 'prey', twice: true });
    const index = await startIndex({ dists: [dist] });
    const { project: cwd } = world.sandbox;
    return {
      env: world.env,
      cwd,
      exceptions: [
        { package: 'prey@1.0', rule: 'duplicate-path', sha512: hash(dist.bytes), ...STEADY },
      ],
      install: () => world.guarded('pip', 'install', ...INTO, '--index-url', index.url, 'prey'),
      landed: () => existsSync(join(world.site, 'prey')),
      uninstall: () => rmSync(world.site, { recursive: true, force: true }),
      dispose() {
        index.close();
        world.dispose();
      },
    };
  },
};

function rubyClient(name: 'gem' | 'bundle'): Client {
  return {
    name,
    async make() {
      const world = rubyWorld(ruby);
      const gem = makeGem({ name: 'prey', hostile: true });
      const server = await startGemServer({ gems: [gem] });
      const { project: cwd } = world.sandbox;
      world.gemfile(`source '${server.url}'`, `gem 'prey'`);
      const exceptions = inspect(gem.bytes, { format: 'gem' })
        .findings.filter(({ level }) => level === 'error')
        .map(({ rule, entry }) => ({
          package: 'prey@1.0.0',
          rule,
          ...(entry !== undefined && { entry }),
          sha512: hash(gem.bytes),
          ...STEADY,
        }));
      if (exceptions.every(({ rule }) => rule !== GEM_RULE)) throw new Error('the gem is clean');
      return {
        env: world.env,
        cwd,
        exceptions,
        install: () =>
          name === 'gem'
            ? world.guarded('gem', 'install', '--no-document', '--source', server.url, 'prey')
            : world.guarded('bundle', 'install'),
        landed: () => existsSync(join(world.gemHome, 'gems', 'prey-1.0.0')),
        uninstall: () => rmSync(world.gemHome, { recursive: true, force: true }),
        dispose() {
          server.close();
          world.dispose();
        },
      };
    },
  };
}

const goClient: Client = {
  name: 'go',
  async make() {
    const bench = await makeGoBench();
    const { bytes } = goAttacks.find((one) => one.name === 'setuid')!;
    bench.proxy.publish({ module: GO_MODULE, zip: bytes });
    const [path = '', version = ''] = GO_MODULE.split('@');
    return {
      env: bench.env,
      cwd: bench.sandbox.project,
      exceptions: inspect(bytes, { format: 'gomod', expected: { name: path, version } })
        .findings.filter(({ level }) => level === 'error')
        .map(({ rule, entry }) => ({
          package: GO_MODULE,
          rule,
          ...(entry !== undefined && { entry }),
          sha512: hash(bytes),
          ...STEADY,
        })),
      install: () => guardedGo(bench, ['mod', 'download', GO_MODULE]),
      landed: () => existsSync(unpackedAt(bench)),
      uninstall: () => undefined,
      dispose: () => closeGoBench(bench),
    };
  },
};

export const clients: readonly Client[] = [
  ...npmClients,
  yarnClassic,
  ...(pip === undefined ? [] : [pipClient]),
  ...(ruby === undefined ? [] : [rubyClient('gem'), rubyClient('bundle')]),
  goClient,
];

/** Commits exceptions to the repository, in its policy file. */
export function propose(cwd: string, exceptions: readonly Fields[], file = 'tarwarden.json'): void {
  writeFileSync(join(cwd, file), JSON.stringify({ exceptions }));
}
