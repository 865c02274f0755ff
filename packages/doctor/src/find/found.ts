import type { Component, DoctorProblem } from '../component.ts';

export interface FoundComponents {
  readonly components: readonly Component[];
  readonly problems: readonly DoctorProblem[];
}

export const NOTHING_FOUND: FoundComponents = { components: [], problems: [] };

/** Reports a program that exists only in the project, where nothing may be run. */
export function notRun(name: string, file: string | undefined): FoundComponents {
  if (file === undefined) return NOTHING_FOUND;
  return {
    ...NOTHING_FOUND,
    problems: [{ message: `${name} lies in the folder that is looked at, and is not run`, file }],
  };
}

export function joinFound(all: readonly FoundComponents[]): FoundComponents {
  return {
    components: all.flatMap(({ components }) => components),
    problems: all.flatMap(({ problems }) => problems),
  };
}
