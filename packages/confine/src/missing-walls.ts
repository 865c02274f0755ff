import { existsSync } from 'node:fs';

/** Explains that the walls cannot be made, and what helps. */
export function missingWalls(problem: string): string {
  const advice = existsSync('/usr/bin/bwrap')
    ? 'bubblewrap is installed, and may work here: "bwrap --ro-bind / / --dev /dev --bind . . tarwarden …" lets only this folder be written'
    : 'run it in a container or a virtual machine of its own instead';
  return `${problem}. ${advice}`;
}
