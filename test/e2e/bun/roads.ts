/** The ways by which a package comes into a project, or onto a machine, through bun. */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../support/managers.ts';
import {
  bare,
  cleanTarball,
  forget,
  guarded,
  installed,
  MANIFEST,
  packageJson,
  publish,
  SUBJECT,
  type Bench,
  type Options,
} from './guarded.ts';

export type Bun = (bench: Bench, args: readonly string[], options?: Options) => Promise<Result>;

export interface Road {
  readonly id: string;
  /** Makes the project as it is before the command. */
  readonly prepare?: ((bench: Bench, bytes: Buffer) => Promise<void> | void) | undefined;
  run(bench: Bench, bun: Bun): Promise<Result>;
  /** Where the subject lies afterwards when it is taken; a road that runs a command prints instead. */
  readonly installed?: (bench: Bench) => string;
  /** Only what a guarded run has unpacked before is there without a network. */
  readonly offline?: true;
}

const depends =
  (fields: object): Road['prepare'] =>
  ({ sandbox }) =>
    sandbox.write(packageJson(fields));

function byWayOf(kind: 'dependencies' | 'optionalDependencies'): Road['prepare'] {
  return ({ registry, sandbox }) => {
    registry.publish({ name: 'tarwarden-top', manifest: { [kind]: { [SUBJECT]: '1.0.0' } } });
    sandbox.write(packageJson({ dependencies: { 'tarwarden-top': '1.0.0' } }));
  };
}

/** Installs without the guard, so that lockfile and bun's own cache are there, and takes node_modules away again. */
async function warm(bench: Bench): Promise<void> {
  bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: '1.0.0' } }));
  await mustWork(bare(bench, ['install']));
  forget(bench);
}

async function mustWork(result: Promise<Result>): Promise<void> {
  const { code, stderr } = await result;
  if (code !== 0) throw new Error(`bun could not install: ${stderr}`);
}

const install: Road['run'] = (bench, bun) => bun(bench, ['install']);

export const roads: readonly Road[] = [
  {
    id: 'cold',
    prepare: depends({ dependencies: { [SUBJECT]: '1.0.0' } }),
    run: install,
    installed,
  },
  { id: 'add', run: (bench, bun) => bun(bench, ['add', SUBJECT]), installed },
  { id: 'transitive', prepare: byWayOf('dependencies'), run: install, installed },
  {
    id: 'optional',
    prepare: depends({ optionalDependencies: { [SUBJECT]: '1.0.0' } }),
    run: install,
    installed,
  },
  { id: 'transitive optional', prepare: byWayOf('optionalDependencies'), run: install, installed },
  { id: 'warm', prepare: warm, run: install, installed },
  { id: 'ci', prepare: warm, run: (bench, bun) => bun(bench, ['ci']), installed },
  {
    id: 'frozen',
    prepare: warm,
    run: (bench, bun) => bun(bench, ['install', '--frozen-lockfile']),
    installed,
  },
  {
    id: 'offline',
    prepare: warm,
    run: (bench, bun) => bun(bench, ['install', '--offline']),
    installed,
    offline: true,
  },
  {
    id: 'isolated',
    prepare: depends({ dependencies: { [SUBJECT]: '1.0.0' } }),
    run: (bench, bun) => bun(bench, ['install', '--linker', 'isolated']),
    installed,
  },
  {
    id: 'file',
    prepare({ sandbox }, bytes) {
      writeFileSync(join(sandbox.project, 'subject.tgz'), bytes);
      sandbox.write(packageJson({ dependencies: { [SUBJECT]: 'file:./subject.tgz' } }));
    },
    run: install,
    installed,
  },
  {
    id: 'http',
    prepare({ sandbox, registry }, bytes) {
      const url = registry.file('subject.tgz', bytes);
      sandbox.write(packageJson({ dependencies: { [SUBJECT]: url } }));
    },
    run: install,
    installed,
  },
  {
    id: 'alias',
    prepare: depends({ dependencies: { alias: `npm:${SUBJECT}@1.0.0` } }),
    run: install,
    installed: (bench) => installed(bench, 'alias'),
  },
  {
    id: 'workspace',
    prepare: ({ sandbox }) =>
      sandbox.write({
        ...packageJson({ workspaces: ['one'] }),
        'one/package.json': { name: 'one', dependencies: { [SUBJECT]: '1.0.0' } },
      }),
    run: (bench, bun) => bun(bench, ['install'], { cwd: join(bench.sandbox.project, 'one') }),
    installed: ({ sandbox }) => {
      const at = [sandbox.project, join(sandbox.project, 'one')].map((folder) =>
        join(folder, 'node_modules', SUBJECT),
      );
      return at.find((path) => existsSync(path)) ?? at[0]!;
    },
  },
  {
    id: 'global',
    run: (bench, bun) => bun(bench, ['add', '--global', SUBJECT]),
    installed: ({ sandbox }) => join(sandbox.root, 'bun/install/global/node_modules', SUBJECT),
  },
  { id: 'bunx', run: (bench, bun) => bun(bench, ['x', SUBJECT]) },
  {
    id: 'bunx, warm',
    async prepare(bench) {
      await bare(bench, ['x', SUBJECT]);
    },
    run: (bench, bun) => bun(bench, ['x', SUBJECT]),
  },
  {
    id: 'nested in a script',
    prepare({ sandbox }) {
      sandbox.write({
        ...packageJson({ scripts: { go: 'cd inner && bun install' } }),
        'inner/package.json': { name: 'inner', dependencies: { [SUBJECT]: '1.0.0' } },
      });
    },
    run: (bench, bun) => bun(bench, ['run', 'go']),
    installed: ({ sandbox }) => join(sandbox.project, 'inner/node_modules', SUBJECT),
  },
  {
    id: 'update',
    async prepare(bench, bytes) {
      bench.registry.publish({
        name: SUBJECT,
        version: '0.9.0',
        tgz: cleanTarball(SUBJECT, '0.9.0'),
        manifest: MANIFEST,
      });
      bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: '0.9.0' } }));
      await mustWork(guarded(bench, ['install']));
      forget(bench);
      bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: '>=0.9.0' } }));
      publish(bench, bytes);
    },
    run: (bench, bun) => bun(bench, ['update']),
    installed,
  },
];

/** Removes what bun and the guard have kept, and what was installed. */
export function removeAll({ sandbox }: Bench): void {
  for (const name of ['bun', 'xdg/cache']) {
    const folder = join(sandbox.root, name);
    if (!existsSync(folder)) continue;
    for (const one of readdirSync(folder)) rmSync(join(folder, one), { recursive: true });
  }
}
