/* The examination: find programs and libraries that unpack archives, compare them with the records, order the holes. */
import { folderNames, projectFolders } from '@tarwarden/guard';
import { readManifest } from '@tarwarden/clients/settings';
import { indexRecords, watchedNames } from './advisories/matching.ts';
import { REACHES, type AdvisoryRecord } from './advisories/record.ts';
import type { Component, DoctorProblem, FoundComponents, OsvEcosystem } from './component.ts';
import { findInterpreter, INTERPRETERS } from './find/interpreters.ts';
import { findInLockfiles } from './find/lockfiles.ts';
import type { LocalMachine } from './find/machine.ts';
import { findNodeManager, NODE_MANAGERS } from './find/node-managers.ts';
import { holesOf, URGENCIES, type Hole } from './hole.ts';

export interface ExamineOptions {
  readonly records: readonly AdvisoryRecord[];
  readonly machine: LocalMachine;
  /** Folders whose lockfiles are read. */
  readonly folders: readonly string[];
  /** Every program on the PATH is examined, and not only those that the project uses. */
  readonly wholeMachine?: boolean;
}

export interface Examination {
  /** The day of the newest advisory record. */
  readonly date: string;
  readonly components: readonly Component[];
  /** Open holes come first, and among them those of the project. */
  readonly holes: readonly Hole[];
  readonly problems: readonly DoctorProblem[];
}

export async function examine(options: ExamineOptions): Promise<Examination> {
  const { records, machine, folders, wholeMachine = false } = options;
  const index = indexRecords(records);
  const namesOf = (ecosystem: OsvEcosystem): string[] => watchedNames(index, ecosystem);
  const projectPrograms = wholeMachine ? undefined : usedPrograms(folders);
  const isUsed = (program: string): boolean => projectPrograms?.has(program) ?? true;
  const watches = (ecosystem: OsvEcosystem, name: string): boolean =>
    index.has(`${ecosystem}\n${name}`);
  const sources: FoundComponents[] = folders.map((folder) => findInLockfiles({ folder, watches }));
  const libraries = new Set(namesOf('npm'));
  for (const manager of NODE_MANAGERS.filter(({ name }) => isUsed(name)))
    sources.push(await findNodeManager(machine, manager, libraries));
  for (const interpreter of INTERPRETERS.filter(({ program }) => isUsed(program)))
    sources.push(await findInterpreter(machine, interpreter, namesOf));
  const components = sources.flatMap((source) => source.components);
  const results = components.map((component) =>
    holesOf(component, { index, platform: machine.platform }),
  );
  const dates = records.map(({ modified }) => modified.slice(0, 10)).toSorted();
  return {
    date: dates.at(-1) ?? 'unknown',
    components,
    holes: results.flatMap((result) => ('message' in result ? [] : result)).toSorted(byUrgency),
    problems: [
      ...sources.flatMap(({ problems }) => problems),
      ...results.flatMap((result) => ('message' in result ? result : [])),
    ],
  };
}

const originPath = ({ component: { origin } }: Hole): string =>
  origin.kind === 'lockfile' ? origin.file : origin.path;

/** Open holes come before unknown ones, the project before programs. Then the reach decides, then the urgency. */
function byUrgency(hole: Hole, other: Hole): number {
  return (
    Number(hole.state === 'unknown') - Number(other.state === 'unknown') ||
    Number(hole.component.origin.kind === 'program') -
      Number(other.component.origin.kind === 'program') ||
    REACHES.indexOf(hole.reach) - REACHES.indexOf(other.reach) ||
    URGENCIES.indexOf(hole.urgency) - URGENCIES.indexOf(other.urgency) ||
    originPath(hole).localeCompare(originPath(other), 'en') ||
    hole.record.id.localeCompare(other.record.id, 'en')
  );
}

/** A file of a project that shows that a program is used there. */
const SIGNS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(?:package-lock|npm-shrinkwrap)\.json$/, ['npm']],
  [/^pnpm-(?:lock|workspace)\.yaml$/, ['pnpm']],
  [/^(?:yarn\.lock|\.yarnrc|\.yarnrc\.yml)$/, ['yarn']],
  [/^(?:bun\.lockb?|bunfig\.toml)$/, ['bun']],
  [
    /^(?:.*requirements.*\.txt|py(?:project|lock.*)\.toml|setup\.(?:py|cfg)|Pipfile|uv\.lock)$/,
    ['python', 'uv'],
  ],
  [/^(?:Gemfile|Gemfile\.lock|gems\.rb|gems\.locked|.*\.gemspec)$/, ['ruby']],
  [/^go\.(?:mod|sum|work|work\.sum)$/, ['go']],
];

const OF_NODE: readonly string[] = ['npm', 'pnpm', 'yarn', 'bun'];

/** The programs that the projects use. Undefined if no file shows it: then each program that starts here may be used. */
export function usedPrograms(folders: readonly string[]): ReadonlySet<string> | undefined {
  const usedNames = new Set<string>();
  let hasManifest = false;
  for (const folder of folders.flatMap(projectFolders)) {
    const names = folderNames(folder);
    for (const name of names)
      for (const [sign, programs] of SIGNS)
        if (sign.test(name)) for (const program of programs) usedNames.add(program);
    if (!names.includes('package.json')) continue;
    hasManifest = true;
    const { packageManager } = readManifest(folder);
    const [manager = ''] = typeof packageManager === 'string' ? packageManager.split('@') : [];
    if (OF_NODE.includes(manager)) usedNames.add(manager);
  }
  if (hasManifest && !OF_NODE.some((program) => usedNames.has(program))) usedNames.add('npm');
  return usedNames.size === 0 ? undefined : usedNames;
}
