/* Lists the trials for the managers and libraries that were found. */
import type { Component } from '../component.ts';
import type { ProbeCommand } from './cage.ts';
import { isolated } from '../find/interpreters.ts';
import { installedInProject, type InstalledPackage } from '../find/package-root.ts';
import { DRIVERS, nodeProgram, PYTHON } from './drivers.ts';
import { managerSubjects } from './manager-subjects.ts';
import { packTar, packZip } from './package-archives.ts';
import { belowFolder, type ProbeSubject } from './subject.ts';

const PACKS = { tar: packTar, zip: packZip } as const;

function librarySubjects(library: InstalledPackage, by?: string): ProbeSubject[] {
  const driver = DRIVERS[library.name];
  if (driver === undefined) return [];
  const program = nodeProgram(driver);
  const title = `${library.name} ${library.version}${by === undefined ? '' : ` of ${by}`}`;
  return driver.archives.map((archive) => ({
    title: driver.archives.length > 1 ? `${title} (${archive})` : title,
    path: library.folder,
    archive,
    pack: PACKS[archive],
    command: ({ out }, file) => [
      process.execPath,
      '--eval',
      program,
      '--',
      library.folder,
      file,
      out,
    ],
    home: ({ out }) => belowFolder(out),
    cwd: ({ out }) => out,
  }));
}

function pythonSubjects({ version, origin }: Component, [python]: ProbeCommand): ProbeSubject[] {
  const path = origin.kind === 'program' ? origin.path : python;
  return (['tar', 'zip'] as const).map((archive) => ({
    title: `${archive}file of Python ${version}`,
    path,
    archive,
    pack: PACKS[archive],
    command: ({ out }, file) => [python, ...isolated(version), '-c', PYTHON, archive, file, out],
    home: ({ out }) => belowFolder(out),
    cwd: ({ out }) => out,
  }));
}

/** The trials for the components, and for libraries in the node_modules of the folders. */
export function subjectsFor(
  components: readonly Component[],
  projects: readonly string[],
): ProbeSubject[] {
  const names = new Set(Object.keys(DRIVERS));
  const installed = projects.flatMap((folder) => installedInProject(folder, names));
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
      : managerSubjects(component, origin.command);
  });
  return [...managers, ...installed.flatMap((library) => librarySubjects(library))];
}
