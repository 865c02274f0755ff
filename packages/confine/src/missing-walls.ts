import { existsSync } from 'node:fs';

/** Explains that this machine cannot confine programs, and how to change that. */
export function missingWalls(problem: string): string {
  const advice = existsSync('/usr/bin/bwrap')
    ? 'bubblewrap is installed and may work here. To let programs write only to this folder, run: bwrap --ro-bind / / --dev /dev --bind . . tarwarden …'
    : 'Run this command in its own container or virtual machine instead';
  return `${problem}. ${advice}`;
}
