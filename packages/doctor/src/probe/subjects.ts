/* What is tried: how each manager and library that was found is asked to unpack. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Component } from '../component.ts';
import { installedIn, type InstalledPackage } from '../find/package-root.ts';
import { DRIVERS, nodeProgram, PYTHON } from './drivers.ts';
import type { Place } from './watch.ts';

export interface Subject {
  /** As it is reported. */
  readonly title: string;
  readonly path: string;
  readonly archive: 'tar' | 'zip';
  /** A package for a manager, whose files are below `package/`. */
  readonly isPackage?: true;
  /** The command that unpacks, and what has to be there before. */
  command(place: Place, archive: string): readonly [string, ...string[]];
  /** Where what it unpacks may be. */
  home(place: Place): (path: string) => boolean;
  readonly cwd: (place: Place) => string;
}

const within =
  (folder: string) =>
  (path: string): boolean =>
    path.startsWith(`${folder}/`);

function librarySubjects(library: InstalledPackage, by?: string): Subject[] {
  const driver = DRIVERS[library.name];
  if (driver === undefined) return [];
  const program = nodeProgram(driver);
  const title = `${library.name} ${library.version}${by === undefined ? '' : ` of ${by}`}`;
  return driver.archives.map((archive) => ({
    title: driver.archives.length > 1 ? `${title} (${archive})` : title,
    path: library.folder,
    archive,
    command: ({ out }, file) => [
      process.execPath,
      '--eval',
      program,
      '--',
      library.folder,
      file,
      out,
    ],
    home: ({ out }) => within(out),
    cwd: ({ out }) => out,
  }));
}

/** Arguments before the file, by manager. None runs a script or asks a registry. */
const ADD: Readonly<Record<string, readonly string[]>> = {
  npm: [
    'install',
    '--ignore-scripts',
    '--offline',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
  ],
  pnpm: ['add', '--ignore-scripts', '--offline'],
  yarn: ['add', '--ignore-scripts', '--offline', '--non-interactive', '--no-lockfile'],
  bun: ['add', '--ignore-scripts'],
};

function managerSubject(component: Component, start: Command): Subject | undefined {
  const args = ADD[component.name];
  // Yarn 2 and newer has another command line, and unpacks nothing: it packs a zip of its own.
  if (args === undefined || (component.name === 'yarn' && !component.version.startsWith('1.')))
    return undefined;
  const project = (place: Place): string => dirname(dirname(place.out));
  return {
    title: `${component.name} ${component.version}`,
    path: start[0],
    archive: 'tar',
    isPackage: true,
    command(place, archive) {
      mkdirSync(join(place.root, 'home'), { recursive: true });
      writeFileSync(join(project(place), 'package.json'), '{"name":"probe","version":"1.0.0"}');
      return [...start, ...args, `file:${archive}`];
    },
    home: () => (path) => path.includes('/node_modules/canary/') || path.includes('/home/'),
    cwd: project,
  };
}

function pythonSubjects({ version, origin }: Component, [python]: Command): Subject[] {
  const path = origin.kind === 'program' ? origin.path : python;
  return (['tar', 'zip'] as const).map((archive) => ({
    title: `${archive}file of Python ${version}`,
    path,
    archive,
    command: ({ out }, file) => [python, '-I', '-c', PYTHON, archive, file, out],
    home: ({ out }) => within(out),
    cwd: ({ out }) => out,
  }));
}

type Command = readonly [string, ...string[]];

/** What is tried of what was found, and of the libraries that lie in the node_modules of the folders. */
export function subjectsFor(
  components: readonly Component[],
  projects: readonly string[],
): Subject[] {
  const names = new Set(Object.keys(DRIVERS));
  const installed = projects.flatMap((folder) => installedIn(folder, names));
  const managers = components.flatMap((component) => {
    const { origin, name, version } = component;
    if (origin.kind !== 'program') return [];
    if (origin.command === undefined) {
      const by = `${origin.program} ${origin.programVersion}`;
      return component.ecosystem === 'npm'
        ? librarySubjects({ name, version, folder: origin.path }, by)
        : [];
    }
    return component.ecosystem === 'cpython'
      ? pythonSubjects(component, origin.command)
      : (managerSubject(component, origin.command) ?? []);
  });
  return [...managers, ...installed.flatMap((library) => librarySubjects(library))];
}
