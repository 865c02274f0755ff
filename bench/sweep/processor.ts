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
      .filter(([, child]) => child.parent === parent)
      .reduce((sum, [child, usage]) => sum + usage.own + sumOf(child), 0);
  const root = all.get(pid);
  return root && root.own + sumOf(pid);
}

interface Times {
  readonly parent: number;
  /** The ticks of the process, and of its children that have ended. */
  readonly own: number;
}

function timesIn(pid: string): Times | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const ticks = fields.slice(11, 15).reduce((sum, tick) => sum + tick, 0);
    // In hundredths of a second.
    return { parent: fields[1]!, own: ticks * 10 };
  } catch {
    return undefined;
  }
}
