import type { Component, Problem } from '../component.ts';

export interface Found {
  readonly components: readonly Component[];
  readonly problems: readonly Problem[];
}

export const NOTHING_FOUND: Found = { components: [], problems: [] };

/** A program that is only where nothing may be run. */
export function notRun(name: string, file: string | undefined): Found {
  if (file === undefined) return NOTHING_FOUND;
  return {
    ...NOTHING_FOUND,
    problems: [{ message: `${name} lies in the folder that is looked at, and is not run`, file }],
  };
}

export function together(all: readonly Found[]): Found {
  return {
    components: all.flatMap(({ components }) => components),
    problems: all.flatMap(({ problems }) => problems),
  };
}
