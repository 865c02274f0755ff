/** The ways by which a tarball comes into a project, or onto a machine, through Yarn 1. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { managerFolder, type Result } from '../../support/managers.ts';
import {
  cacheOf,
  cleanTarball,
  forgetModules,
  installedIn,
  must,
  PROJECT,
  SUBJECT,
  unguarded,
  type Bench,
  type Guard,
} from './guarded.ts';

export interface Road {
  readonly id: string;
  /** Yarn alone has the package in its cache before, so that it has to be one that Yarn takes. */
  readonly taken?: true;
  /** Makes the project as it is before the command that is tried. */
  prepare?(bench: Bench, bytes: Buffer): Promise<void> | void;
  run(bench: Bench, guard: Guard): Promise<Result>;
  /** Where the subject lies afterwards when it is clean; a command road prints instead. */
  installed?(bench: Bench): string;
}

function depend(bench: Bench, kind: 'dependencies' | 'optionalDependencies'): string {
  const name = `tarwarden-${kind === 'dependencies' ? 'top' : 'lenient'}`;
  bench.registry.publish({ name, manifest: { [kind]: { [SUBJECT]: '1.0.0' } } });
  return name;
}

/** Installs without the guard, so that lockfile and cache are there, and takes node_modules away again. */
async function warm(bench: Bench): Promise<void> {
  await must(unguarded(bench, ['add', '--ignore-scripts', SUBJECT]));
  forgetModules(bench);
}

/** An offline mirror in the project, which holds the tarball before anything is installed. */
async function mirrored(bench: Bench): Promise<void> {
  bench.sandbox.write({ '.yarnrc': 'yarn-offline-mirror "./mirror"\n' });
  mkdirSync(join(bench.sandbox.project, 'mirror'));
  await warm(bench);
  rmSync(cacheOf(bench.sandbox), { recursive: true });
}

const httpAddress = (bench: Bench): string =>
  `${bench.registry.url}/${SUBJECT}/-/${SUBJECT}-1.0.0.tgz`;

export const roads: readonly Road[] = [
  { id: 'add', run: (bench, guard) => guard(bench, ['add', SUBJECT]), installed: installedIn },
  {
    id: 'transitive',
    run: (bench, guard) => guard(bench, ['add', depend(bench, 'dependencies')]),
    installed: installedIn,
  },
  {
    id: 'optional',
    run: (bench, guard) => guard(bench, ['add', '--optional', SUBJECT]),
    installed: installedIn,
  },
  {
    id: 'transitive optional',
    run: (bench, guard) => guard(bench, ['add', depend(bench, 'optionalDependencies')]),
    installed: installedIn,
  },
  {
    id: 'warm cache',
    taken: true,
    prepare: warm,
    run: (bench, guard) => guard(bench, ['install']),
    installed: installedIn,
  },
  {
    id: 'frozen, cold cache',
    taken: true,
    async prepare(bench) {
      await warm(bench);
      rmSync(cacheOf(bench.sandbox), { recursive: true });
    },
    run: (bench, guard) => guard(bench, ['install', '--frozen-lockfile']),
    installed: installedIn,
  },
  {
    id: 'frozen, offline',
    taken: true,
    prepare: warm,
    run: (bench, guard) => guard(bench, ['install', '--frozen-lockfile', '--offline']),
    installed: installedIn,
  },
  {
    id: 'offline mirror',
    taken: true,
    prepare: mirrored,
    run: (bench, guard) => guard(bench, ['install', '--offline']),
    installed: installedIn,
  },
  {
    id: 'file',
    prepare: ({ sandbox }, bytes) => writeFileSync(join(sandbox.project, 'subject.tgz'), bytes),
    run: (bench, guard) => guard(bench, ['add', './subject.tgz']),
    installed: installedIn,
  },
  {
    id: 'http',
    run: (bench, guard) => guard(bench, ['add', httpAddress(bench)]),
    installed: installedIn,
  },
  {
    id: 'http, from the lockfile',
    taken: true,
    async prepare(bench) {
      await must(unguarded(bench, ['add', '--ignore-scripts', httpAddress(bench)]));
      forgetModules(bench);
    },
    run: (bench, guard) => guard(bench, ['install', '--frozen-lockfile']),
    installed: installedIn,
  },
  {
    id: 'alias',
    run: (bench, guard) => guard(bench, ['add', `tarwarden-alias@npm:${SUBJECT}@1.0.0`]),
    installed: ({ sandbox }) => join(sandbox.project, 'node_modules', 'tarwarden-alias'),
  },
  {
    id: 'workspace',
    prepare: ({ sandbox }) =>
      sandbox.write({
        'package.json': { ...PROJECT, workspaces: ['one'] },
        'one/package.json': { name: 'one', version: '1.0.0', dependencies: { [SUBJECT]: '1.0.0' } },
      }),
    run: (bench, guard) => guard(bench, ['workspace', 'one', 'install']),
    installed: installedIn,
  },
  {
    id: 'global',
    run: (bench, guard) =>
      guard(bench, ['global', 'add', SUBJECT, '--global-folder', globalOf(bench)]),
    installed: (bench) => join(globalOf(bench), 'node_modules', SUBJECT),
  },
  {
    id: 'nested in a script',
    // Yarn tells its scripts of another registry than the user's.
    prepare: ({ sandbox, registry }) =>
      sandbox.write({
        'package.json': {
          ...PROJECT,
          scripts: { go: `yarn add ${SUBJECT} --registry ${registry.url}` },
        },
      }),
    run: (bench, guard) => guard(bench, ['run', 'go']),
    installed: installedIn,
  },
  {
    id: 'npm in a script',
    prepare({ sandbox, registry }) {
      sandbox.command('npm', join(managerFolder('npm-11'), 'bin/npm-cli.js'));
      const go = `npm install ${SUBJECT} --registry ${registry.url}`;
      sandbox.write({ 'package.json': { ...PROJECT, scripts: { go } } });
    },
    run: (bench, guard) => guard(bench, ['run', 'go']),
    installed: installedIn,
  },
  {
    id: 'upgrade',
    async prepare(bench) {
      bench.registry.publish({
        name: SUBJECT,
        version: '0.9.0',
        tgz: cleanTarball(bench, { version: '0.9.0' }),
        tag: 'old',
      });
      await must(unguarded(bench, ['add', '--ignore-scripts', `${SUBJECT}@0.9.0`]));
      forgetModules(bench);
    },
    run: (bench, guard) => guard(bench, ['upgrade', '--latest']),
    installed: installedIn,
  },
  {
    id: 'flat',
    prepare: ({ sandbox }) =>
      sandbox.write({ 'package.json': { ...PROJECT, dependencies: { [SUBJECT]: '1.0.0' } } }),
    run: (bench, guard) => guard(bench, ['install', '--flat', '--non-interactive']),
    installed: installedIn,
  },
  {
    id: 'modules folder',
    run: (bench, guard) => guard(bench, ['add', SUBJECT, '--modules-folder', './elsewhere']),
    installed: ({ sandbox }) => join(sandbox.project, 'elsewhere', SUBJECT),
  },
];

export const globalOf = ({ sandbox }: Bench): string => join(sandbox.root, 'yarn-1-global');
