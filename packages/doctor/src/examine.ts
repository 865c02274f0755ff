/* The examination: find programs and libraries that unpack archives, compare them with the records, order the holes. */
import { indexRecords, type RecordIndex } from './advisories/matching.ts';
import type { RecordSet } from './advisories/load.ts';
import { REACHES } from './advisories/record.ts';
import type { Component, OsvEcosystem, DoctorProblem } from './component.ts';
import type { Defence } from './defences/defence.ts';
import type { GuardSetup } from './defences/guard.ts';
import { distributionOf, type Distribution } from './find/distribution.ts';
import { joinFound } from './find/found.ts';
import { findInterpreters } from './find/interpreters.ts';
import { findInLockfiles } from './find/lockfiles.ts';
import type { LocalMachine } from './find/machine.ts';
import { findNodeManagers } from './find/node-managers.ts';
import { markIdle, withoutIdle } from './find/usage.ts';
import { holesOf, isIdle, URGENCIES, type Hole } from './hole.ts';
import type { ProbeReport } from './probe/probe.ts';

export interface ExamineOptions {
  readonly set: RecordSet;
  readonly machine: LocalMachine;
  /** Folders whose lockfiles are read. */
  readonly folders: readonly string[];
  readonly distribution?: Distribution;
  /** Every program and library counts, and not only those that the project uses. */
  readonly wholeMachine?: boolean;
}

export interface Examination {
  /** The day of the newest advisory record. */
  readonly date: string;
  /** The day on which OSV's records were added. */
  readonly updated?: string;
  readonly components: readonly Component[];
  /** Open holes come first, and among them those of the project. */
  readonly holes: readonly Hole[];
  readonly problems: readonly DoctorProblem[];
  /** The results of trying each component. */
  readonly probe?: ProbeReport;
  /** Whether the guard of each manager is set up. */
  readonly guards?: readonly GuardSetup[];
  /** The settings of the managers. They are advice, and do not change the exit code. */
  readonly defences?: readonly Defence[];
}

export async function examine(options: ExamineOptions): Promise<Examination> {
  const { set, machine, folders } = options;
  const index = indexRecords(set.records);
  const namesOf = (ecosystem: OsvEcosystem): string[] => watchedNames(index, ecosystem);
  const npm = new Set(namesOf('npm'));
  const all = joinFound([
    await findNodeManagers(machine, npm),
    await findInterpreters(machine, namesOf),
    ...folders.map((folder) =>
      findInLockfiles({
        folder,
        watches: (ecosystem, name) => index.has(`${ecosystem}\n${name}`),
      }),
    ),
  ]);
  const found = options.wholeMachine === true ? withoutIdle(all) : markIdle(all, folders);
  const { distribution = distributionOf(machine) } = options;
  const search = { index, distribution, platform: machine.platform };
  const holes: Hole[] = [];
  const problems = [...found.problems];
  for (const component of found.components) {
    const own = await holesOf(component, search);
    holes.push(...own.holes);
    problems.push(...own.problems);
  }
  return {
    date: set.date,
    ...(set.updated !== undefined && { updated: set.updated }),
    components: found.components,
    holes: holes.toSorted(mostUrgentFirst),
    problems,
  };
}

function watchedNames(index: RecordIndex, ecosystem: OsvEcosystem): string[] {
  return [...index.keys()].flatMap((key) => {
    const [keyEcosystem, name = ''] = key.split('\n');
    return keyEcosystem === ecosystem ? [name] : [];
  });
}

/** Open holes come before unknown ones, the project before programs, and programs in use before others. Then the reach decides, then the urgency. */
function mostUrgentFirst(hole: Hole, other: Hole): number {
  return (
    Number(hole.state === 'unknown') - Number(other.state === 'unknown') ||
    Number(isIdle(hole)) - Number(isIdle(other)) ||
    Number(hole.component.origin.kind === 'program') -
      Number(other.component.origin.kind === 'program') ||
    REACHES.indexOf(hole.reach) - REACHES.indexOf(other.reach) ||
    URGENCIES.indexOf(hole.urgency) - URGENCIES.indexOf(other.urgency) ||
    originPath(hole).localeCompare(originPath(other), 'en') ||
    hole.record.id.localeCompare(other.record.id, 'en')
  );
}

function originPath({ component: { origin } }: Hole): string {
  return origin.kind === 'lockfile' ? origin.file : origin.path;
}
