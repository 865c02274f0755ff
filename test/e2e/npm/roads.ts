/** The ways by which a tarball comes into a project, or onto a machine, through npm. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../support/managers.ts';
import { cleanTarball, SUBJECT, unguarded, type Bench, type Guard } from './guarded.ts';

export interface Road {
  readonly id: string;
  /** Makes the project as it is before the guarded command. */
  prepare?(bench: Bench, bytes: Buffer): Promise<void> | void;
  run(bench: Bench, guard: Guard): Promise<Result>;
  /** Where the subject lies afterwards when it is clean; a command road prints instead. */
  installed?(bench: Bench): string;
}

const inProject = ({ sandbox }: Bench): string => join(sandbox.project, 'node_modules', SUBJECT);

/** npm 12 takes tarballs by URL only when told so. */
const remote = ({ npm }: Bench): string[] => (npm === 'npm-12' ? ['--allow-remote=all'] : []);

function depend(bench: Bench, kind: 'dependencies' | 'optionalDependencies'): string {
  const name = `tarwarden-${kind === 'dependencies' ? 'top' : 'lenient'}`;
  bench.registry.publish({ name, manifest: { [kind]: { [SUBJECT]: '1.0.0' } } });
  return name;
}

/** Installs without the guard, so that lockfile and cache are there, and takes node_modules away again. */
async function warm(bench: Bench): Promise<void> {
  const result = await unguarded(bench, ['install', '--ignore-scripts', SUBJECT]);
  if (result.code !== 0) throw new Error(`npm could not install unguarded: ${result.stderr}`);
  rmSync(join(bench.sandbox.project, 'node_modules'), { recursive: true });
}

export const roads: readonly Road[] = [
  {
    id: 'install',
    run: (bench, guard) => guard(bench, ['install', SUBJECT]),
    installed: inProject,
  },
  {
    id: 'transitive',
    run: (bench, guard) => guard(bench, ['install', depend(bench, 'dependencies')]),
    installed: inProject,
  },
  {
    id: 'optional',
    run: (bench, guard) => guard(bench, ['install', '--save-optional', SUBJECT]),
    installed: inProject,
  },
  {
    id: 'transitive optional',
    run: (bench, guard) => guard(bench, ['install', depend(bench, 'optionalDependencies')]),
    installed: inProject,
  },
  {
    id: 'ci, warm cache',
    prepare: warm,
    run: (bench, guard) => guard(bench, ['ci']),
    installed: inProject,
  },
  {
    id: 'ci --offline',
    prepare: warm,
    run: (bench, guard) => guard(bench, ['ci', '--offline']),
    installed: inProject,
  },
  {
    id: 'install from lockfile, cold cache',
    async prepare(bench) {
      await warm(bench);
      rmSync(bench.sandbox.npmCache, { recursive: true });
    },
    run: (bench, guard) => guard(bench, ['install']),
    installed: inProject,
  },
  {
    id: 'file',
    prepare: (bench, bytes) => writeFileSync(join(bench.sandbox.project, 'subject.tgz'), bytes),
    run: (bench, guard) => guard(bench, ['install', './subject.tgz']),
    installed: inProject,
  },
  {
    id: 'http',
    async run(bench, guard) {
      const url = `${bench.registry.url}/${SUBJECT}/-/${SUBJECT}-1.0.0.tgz`;
      return guard(bench, ['install', ...remote(bench), url]);
    },
    installed: inProject,
  },
  { id: 'exec', run: (bench, guard) => guard(bench, ['exec', '--yes', '--', SUBJECT]) },
  { id: 'npx', run: (bench, guard) => guard(bench, ['--yes', SUBJECT], { command: 'npx' }) },
  {
    id: 'global',
    run: (bench, guard) => guard(bench, ['install', '--global', SUBJECT]),
    installed: ({ sandbox }) => join(sandbox.npmPrefix, 'lib', 'node_modules', SUBJECT),
  },
  {
    id: 'alias',
    run: (bench, guard) => guard(bench, ['install', `tarwarden-alias@npm:${SUBJECT}@1.0.0`]),
    installed: ({ sandbox }) => join(sandbox.project, 'node_modules', 'tarwarden-alias'),
  },
  {
    id: 'workspace',
    prepare: ({ sandbox }) =>
      sandbox.write({
        'package.json': { name: 'project', version: '1.0.0', workspaces: ['one'] },
        'one/package.json': { name: 'one', version: '1.0.0' },
      }),
    run: (bench, guard) => guard(bench, ['install', '--workspace', 'one', SUBJECT]),
    installed: inProject,
  },
  {
    id: 'linked strategy',
    run: (bench, guard) => guard(bench, ['install', '--install-strategy=linked', SUBJECT]),
    installed: inProject,
  },
  {
    id: 'update',
    async prepare(bench) {
      bench.registry.publish({
        name: SUBJECT,
        version: '0.9.0',
        tgz: cleanTarball(bench, { version: '0.9.0' }),
        tag: 'old',
      });
      const result = await unguarded(bench, ['install', '--ignore-scripts', `${SUBJECT}@0.9.0`]);
      if (result.code !== 0) throw new Error(`npm could not install unguarded: ${result.stderr}`);
      bench.sandbox.write({
        'package.json': {
          name: 'project',
          version: '1.0.0',
          dependencies: { [SUBJECT]: '>=0.9.0' },
        },
      });
    },
    run: (bench, guard) => guard(bench, ['update']),
    installed: inProject,
  },
];
