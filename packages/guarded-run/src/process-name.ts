/*
 * A name for a process that no other process ever has. The process number alone is not enough: the system uses it again, and each
 * container counts anew, also if containers share a home folder.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Fields of /proc/PID/stat behind the name of the program. The last of them is the time at which it was started. */
const FIELDS_TO_START = 20;

interface Here {
  /** The machine since it was booted, and the container in it. */
  readonly place: string;
  /** Whether the system could tell both. */
  readonly certain: boolean;
}

let here: Here | undefined;

function placeHere(): Here {
  if (here !== undefined) return here;
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = attempt(() => readlinkSync('/proc/self/ns/pid'));
  const place = createHash('sha256')
    .update(JSON.stringify([hostname(), boot, namespace]))
    .digest('hex')
    .slice(0, 16);
  return (here = { place, certain: boot !== undefined && namespace !== undefined });
}

/** `<place>-<number>-<start>`. */
export function processName(pid: number): string {
  return `${placeHere().place}-${pid}-${startOf(pid) ?? 'unknown'}`;
}

/** Whether a name is that of a process which is certain to have ended. */
export function hasEnded(name: string): boolean {
  const [place, number, start] = name.split('-');
  const { place: ours, certain } = placeHere();
  const pid = Number(number);
  if (!certain || place !== ours || !Number.isSafeInteger(pid) || pid <= 0) return false;
  if (!isAlive(pid)) return true;
  const now = startOf(pid);
  return now !== undefined && start !== 'unknown' && now !== start;
}

function startOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat
    ?.slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ')[FIELDS_TO_START - 1];
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The result of a function, or undefined if it throws. */
export function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
