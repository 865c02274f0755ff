/* Finds npm, pnpm, Yarn and bun, with the bundled packages that unpack archives. */
import { dirname, join } from 'node:path';
import type { Program } from '@tarwarden/guard/run';
import type { Component, FoundComponents } from '../component.ts';
import { folderEntries } from '@tarwarden/guard';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import { readManifest, readText } from '@tarwarden/clients/settings';
import { realPathOf, type LocalMachine } from './machine.ts';

interface NodeManager extends Program {
  /** The packages that contain it. Records have it under the first name. */
  readonly packages: readonly [string, ...string[]];
}

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
  const program = machine.findProgram(manager);
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
  const component = (installedPackage: InstalledPackage, itself: boolean): Component => ({
    ecosystem: 'npm',
    name: installedPackage.name,
    version: installedPackage.version,
    origin: {
      kind: 'program',
      program: name,
      programVersion: version,
      path: installedPackage.folder,
      itself,
    },
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

interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly folder: string;
}

const SCRIPT_BYTES_MAX = 64 * 1024;

/** npm has some 200 packages in three levels. */
const FOLDERS_MAX = 20_000;
const DEPTH_MAX = 10;

/** npm and pnpm put scripts on the PATH that name their target by a path relative to the script. */
const TARGET = /\$basedir(?:_abs|_win)?"?\/["']?([^"'$\n]+)["']/g;

/** The package that owns a program, if it has one of these names. */
function packageOf(file: string, names: readonly string[]): InstalledPackage | undefined {
  return rootAbove(file, names) ?? rootOfTarget(file, names);
}

function rootAbove(file: string, names: readonly string[]): InstalledPackage | undefined {
  for (const folder of foldersAbove(dirname(file))) {
    const manifest = packageManifest(folder);
    if (manifest !== undefined) return names.includes(manifest.name) ? manifest : undefined;
  }
  return undefined;
}

function rootOfTarget(file: string, names: readonly string[]): InstalledPackage | undefined {
  const text = readText(file, SCRIPT_BYTES_MAX)?.text ?? '';
  const targets = [...text.matchAll(TARGET)].flatMap(
    ([, target = '']) => realPathOf(join(dirname(file), target)) ?? [],
  );
  return targets.map((target) => rootAbove(target, names)).find((owner) => owner !== undefined);
}

function packageManifest(folder: string): InstalledPackage | undefined {
  const { name, version } = readManifest(folder);
  return typeof name === 'string' && typeof version === 'string'
    ? { name, version, folder }
    : undefined;
}

/** Every copy of the named packages below the node_modules folders of a package. */
function bundledPackages(folder: string, names: ReadonlySet<string>): InstalledPackage[] {
  const bundled: InstalledPackage[] = [];
  let foldersLeft = FOLDERS_MAX;
  const walk = (modules: string, depth: number): void => {
    for (const name of packageNames(modules)) {
      if (foldersLeft-- <= 0 || depth >= DEPTH_MAX) return;
      const inner = join(modules, name);
      const installed = names.has(name) ? packageManifest(inner) : undefined;
      if (installed !== undefined) bundled.push(installed);
      walk(join(inner, 'node_modules'), depth + 1);
    }
  };
  walk(join(folder, 'node_modules'), 0);
  walk(join(folder, 'dist', 'node_modules'), 0);
  return bundled;
}

function packageNames(modules: string): string[] {
  return folders(modules).flatMap((name) =>
    name.startsWith('@') ? folders(join(modules, name)).map((inner) => `${name}/${inner}`) : name,
  );
}

function folders(folder: string): string[] {
  return folderEntries(folder)
    .filter((entry) => entry.isDirectory() && entry.name !== '.bin')
    .map(({ name }) => name);
}
