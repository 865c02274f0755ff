import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of processor time that a process and all below it have needed so far; undefined where the system does not say. */
export function processorOf(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const all = new Map<number, Times>();
  for (const name of readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? timesIn(name) : undefined;
    if (times !== undefined) all.set(Number(name), times);
  }
  const sumOf = (parent: number): number =>
    [...all]
      .filter(([, one]) => one.parent === parent)
      .reduce((sum, [child, one]) => sum + one.own + sumOf(child), 0);
  const root = all.get(pid);
  return root && root.own + sumOf(pid);
}

interface Times {
  readonly parent: number;
  /** Of the process, and of those below it that have ended. */
  readonly own: number;
}

function timesIn(pid: string): Times | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = fields.slice(11, 15).reduce((sum, one) => sum + one, 0);
    // In hundredths of a second.
    return { parent: fields[1]!, own: ticks * 10 };
  } catch {
    return undefined;
  }
}
