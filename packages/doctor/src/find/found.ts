import type { Component, DoctorProblem } from '../component.ts';

export interface FoundComponents {
  readonly components: readonly Component[];
  readonly problems: readonly DoctorProblem[];
}

export const NOTHING_FOUND: FoundComponents = { components: [], problems: [] };

/**
 * Reports a program that exists only in the project, where nothing may be run.
 * @param program Its name in reports.
 */
export function notRun(
  name: string,
  file: string | undefined,
  program: string = name,
): FoundComponents {
  if (file === undefined) return NOTHING_FOUND;
  return {
    ...NOTHING_FOUND,
    problems: [
      { message: `${name} lies in the folder that is looked at, and is not run`, file, program },
    ],
  };
}

export function joinFound(all: readonly FoundComponents[]): FoundComponents {
  return {
    components: all.flatMap(({ components }) => components),
    problems: all.flatMap(({ problems }) => problems),
  };
}

/** Marks a copy of a program that does not start by its name. */
export function idleCopy({ components, problems }: FoundComponents): FoundComponents {
  return {
    components: components.map((component) =>
      component.origin.kind === 'program'
        ? { ...component, origin: { ...component.origin, idle: true } }
        : component,
    ),
    problems: problems.map((problem) => ({ ...problem, idle: true })),
  };
}
