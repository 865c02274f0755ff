/** The ways by which a tarball comes into a project, or onto a machine, through pnpm. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../support/managers.ts';
import {
  type Bench,
  cleanTarball,
  declare,
  forget,
  FRESH,
  FROZEN,
  HOOK,
  pnpm,
  publish,
  SUBJECT,
  unguarded,
} from './guarded.ts';

export interface Road {
  readonly id: string;
  /** Makes the world as it is before the guarded command. */
  prepare(bench: Bench, bytes: Buffer): Promise<void> | void;
  run(bench: Bench): Promise<Result>;
  /** Where the subject lies afterwards when it is clean; a command road prints instead. */
  installed?(bench: Bench): string;
  /** Each project has a lockfile: those of the projects without the subject may be written. */
  separate?: true;
}

const inProject = ({ sandbox }: Bench): string => join(sandbox.project, 'node_modules', SUBJECT);

const dependOn = (specifier: string) => (bench: Bench) =>
  declare(bench, { dependencies: { [SUBJECT]: specifier } });

const direct = dependOn('1.0.0');
const optional = (bench: Bench): void =>
  declare(bench, { optionalDependencies: { [SUBJECT]: '1.0.0' } });

function transitively(kind: 'dependencies' | 'optionalDependencies') {
  return (bench: Bench): void => {
    bench.registry.publish({ name: 'tarwarden-top', manifest: { [kind]: { [SUBJECT]: '1.0.0' } } });
    declare(bench, { dependencies: { 'tarwarden-top': '1.0.0' } });
  };
}

/** Installs without the guard once, then takes away what the road must not find. */
function after(
  set: (bench: Bench, bytes: Buffer) => void,
  ...gone: Parameters<typeof forget>[1][]
) {
  return async (bench: Bench, bytes: Buffer): Promise<void> => {
    set(bench, bytes);
    await unguarded(bench, FRESH);
    forget(bench, 'modules', ...gone);
  };
}

/** The guard has seen the package once, and what it said is remembered. */
function inspectedBefore(...gone: Parameters<typeof forget>[1][]) {
  return async (bench: Bench, bytes: Buffer): Promise<void> => {
    await after(direct)(bench, bytes);
    await pnpm(bench, FROZEN);
    forget(bench, 'modules', ...gone);
  };
}

const byUrl = (bench: Bench, bytes: Buffer): void =>
  dependOn(bench.registry.file('subject.tgz', bytes))(bench);

const byFile = (bench: Bench, bytes: Buffer): void => {
  writeFileSync(join(bench.sandbox.project, 'subject.tgz'), bytes);
  dependOn('file:subject.tgz')(bench);
};

const road = (
  id: string,
  prepare: Road['prepare'],
  args: readonly string[],
  installed: Road['installed'] | null = inProject,
): Road => ({
  id,
  prepare,
  run: (bench) => pnpm(bench, args),
  ...(installed !== null && { installed }),
});

/** Where pnpm keeps what nothing of the project asks for. */
const hoisted = ({ sandbox }: Bench): string =>
  join(sandbox.project, 'node_modules/.pnpm/node_modules', SUBJECT);

const inFolder =
  (folder: string) =>
  ({ sandbox }: Bench): string =>
    join(sandbox.project, folder, 'node_modules', SUBJECT);

function workspace(settings: string) {
  return ({ sandbox }: Bench): void => {
    sandbox.write({
      'package.json': { name: 'project', version: '1.0.0', private: true },
      'pnpm-workspace.yaml': `packages: [one, two]\n${settings}`,
      'one/package.json': {
        name: 'one',
        version: '1.0.0',
        dependencies: { 'tarwarden-neighbour': '1.0.0' },
      },
      'two/package.json': {
        name: 'two',
        version: '1.0.0',
        dependencies: { [SUBJECT]: '1.0.0' },
      },
    });
  };
}

const settings = (text: string) => (bench: Bench) => {
  bench.sandbox.write({ 'pnpm-workspace.yaml': text });
  direct(bench);
};

/** `dlx` and `-g` know no project: a pnpmfile of the user's own guards them. */
function globally(bench: Bench): void {
  const file = join(bench.sandbox.root, 'global-pnpmfile.cjs');
  writeFileSync(file, `module.exports = require(${JSON.stringify(HOOK)})\n`);
  if (bench.pnpm === 'pnpm-10') bench.sandbox.npmrc(`global-pnpmfile=${file}`);
  else bench.sandbox.pnpmConfig(`globalPnpmfile: ${JSON.stringify(file)}`);
  rmSync(join(bench.sandbox.project, '.pnpmfile.cjs'));
}

export const roads: readonly Road[] = [
  road('fresh, cold store', direct, FRESH),
  road('transitive', transitively('dependencies'), FRESH, hoisted),
  road('frozen lockfile, cold store', after(direct, 'store'), FROZEN),
  road('frozen lockfile, warm store', after(direct), FROZEN),
  road('lockfile, warm store', after(direct), ['install']),
  road('no lockfile, warm store', after(direct, 'lockfile'), FRESH),
  road(
    'already linked',
    async (bench) => {
      direct(bench);
      await unguarded(bench, FRESH);
    },
    FRESH,
  ),
  road('offline, warm store, inspected before', inspectedBefore(), [...FROZEN, '--offline']),
  road('offline, no lockfile, warm store, inspected before', inspectedBefore('lockfile'), [
    ...FRESH,
    '--offline',
  ]),
  road('add', () => undefined, ['add', SUBJECT]),
  road('add, warm store', after(direct, 'lockfile'), ['add', SUBJECT]),
  road(
    'add under another name',
    () => undefined,
    ['add', `tarwarden-alias@npm:${SUBJECT}@1.0.0`],
    ({ sandbox }) => join(sandbox.project, 'node_modules/tarwarden-alias'),
  ),
  road(
    'update',
    async (bench) => {
      publish(bench, cleanTarball('0.9.0'), '0.9.0', 'old');
      dependOn('0.9.0')(bench);
      await unguarded(bench, FRESH);
      dependOn('>=0.9.0')(bench);
    },
    ['update', '--latest'],
  ),
  road('file', byFile, FRESH),
  road('file, frozen lockfile, warm store', after(byFile), FROZEN),
  road('file, no lockfile, warm store', after(byFile, 'lockfile'), FRESH),
  road('http', byUrl, FRESH),
  road('http, frozen lockfile, cold store', after(byUrl, 'store'), FROZEN),
  road('http, frozen lockfile, warm store', after(byUrl), FROZEN),
  road('http, no lockfile, warm store', after(byUrl, 'lockfile'), FRESH),
  road('optional', optional, FRESH),
  road('optional, frozen lockfile, cold store', after(optional, 'store'), FROZEN),
  road('optional, frozen lockfile, warm store', after(optional), FROZEN),
  road('optional, no lockfile, warm store', after(optional, 'lockfile'), FRESH),
  road('transitive optional', transitively('optionalDependencies'), FRESH, hoisted),
  road(
    'transitive optional, frozen lockfile, cold store',
    after(transitively('optionalDependencies'), 'store'),
    FROZEN,
    hoisted,
  ),
  road(
    'optional by http',
    (bench, bytes) => {
      const url = bench.registry.file('subject.tgz', bytes);
      declare(bench, { optionalDependencies: { [SUBJECT]: url } });
    },
    FRESH,
  ),
  road('workspace', workspace(''), FRESH, inFolder('two')),
  road('workspace, --filter', workspace(''), ['--filter', 'two', ...FRESH], inFolder('two')),
  {
    ...road(
      'workspace, a lockfile for each project',
      workspace('sharedWorkspaceLockfile: false\n'),
      FRESH,
      inFolder('two'),
    ),
    separate: true,
  },
  road('hoisted', settings('nodeLinker: hoisted\n'), FRESH),
  road('global virtual store', settings('enableGlobalVirtualStore: true\n'), FRESH),
  road('dlx', globally, ['dlx', SUBJECT], null),
  {
    id: 'global',
    prepare: globally,
    run: (bench) => pnpm(bench, ['add', '--global', SUBJECT]),
  },
];
