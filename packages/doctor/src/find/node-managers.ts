/* Finds npm, pnpm, Yarn and bun, with the bundled packages that unpack archives. */
import type { Program } from '@tarwarden/guarded-run';
import type { Component, FoundComponents } from '../component.ts';
import type { LocalMachine } from './machine.ts';
import { bundledPackages, packageOf, type InstalledPackage } from './package-root.ts';

interface NodeManager extends Program {
  /** The packages that contain it. Records have it under the first name. */
  readonly packages: readonly [string, ...string[]];
}

/** Matches the version in the output of `--version`. */
const VERSION = /^\s*v?(\d+\.\d+\.\d+\S*)/m;

export const NODE_MANAGERS: readonly NodeManager[] = [
  { name: 'npm', packages: ['npm'], windowsScripts: ['node_modules/npm/bin/npm-cli.js'] },
  {
    name: 'pnpm',
    packages: ['pnpm', '@pnpm/exe'],
    windowsScripts: [
      'node_modules/pnpm/bin/pnpm.cjs',
      'node_modules/pnpm/bin/pnpm.mjs',
      'node_modules/@pnpm/exe/pnpm.exe',
      'node_modules/corepack/dist/pnpm.js',
    ],
  },
  {
    name: 'yarn',
    packages: ['yarn', '@yarnpkg/cli-dist'],
    windowsScripts: ['node_modules/yarn/bin/yarn.js', 'node_modules/corepack/dist/yarn.js'],
  },
  { name: 'bun', packages: ['bun'], windowsScripts: ['node_modules/bun/bin/bun.exe'] },
];

/**
 * The manager of that name that starts from the PATH, with its libraries.
 * @param libraries The names of npm packages that have records.
 */
export async function findNodeManager(
  machine: LocalMachine,
  manager: NodeManager,
  libraries: ReadonlySet<string>,
): Promise<FoundComponents> {
  const { name, packages } = manager;
  const program = machine.find(manager);
  if (program === undefined) return { components: [], problems: [] };
  const installed = packageOf(program.real, packages);
  const printed =
    installed === undefined
      ? await machine.run(program.file, [...program.args, '--version'])
      : undefined;
  const version = installed?.version ?? VERSION.exec(printed ?? '')?.[1];
  if (version === undefined) {
    const message = `the version of ${name} is not known`;
    return { components: [], problems: [{ message, file: program.file }] };
  }
  const component = (part: InstalledPackage, itself: boolean): Component => ({
    ecosystem: 'npm',
    name: part.name,
    version: part.version,
    origin: { kind: 'program', program: name, programVersion: version, path: part.folder, itself },
  });
  const folder = installed?.folder ?? program.real;
  const bundled = installed === undefined ? [] : bundledPackages(installed.folder, libraries);
  return {
    components: [
      component({ name: packages[0], version, folder }, true),
      ...bundled.map((library) => component(library, false)),
    ],
    problems: [],
  };
}
