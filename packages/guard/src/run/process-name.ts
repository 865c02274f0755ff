/*
 * A name for a process that no other process ever has. The process number is not enough: the system reuses it, and each container
 * counts from 1, also if containers share a home folder.
 */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The index of the start time among the fields of /proc/PID/stat after the name of the program. */
const FIELDS_TO_START = 20;

interface Here {
  /** Identifies the machine since its last boot, and the container. */
  readonly hostId: string;
  /** Whether both are known. */
  readonly certain: boolean;
}

let cachedHost: Here | undefined;

function thisHost(): Here {
  if (cachedHost !== undefined) return cachedHost;
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = attempt(() => readlinkSync('/proc/self/ns/pid'));
  const hostId = createHash('sha256')
    .update(JSON.stringify([hostname(), boot, namespace]))
    .digest('hex')
    .slice(0, 16);
  return (cachedHost = { hostId, certain: boot !== undefined && namespace !== undefined });
}

/** `<host id>-<number>-<start>`. */
export function processName(pid: number): string {
  return `${thisHost().hostId}-${pid}-${startOf(pid) ?? 'unknown'}`;
}

/** Whether the process with this name has certainly ended. */
export function hasEnded(name: string): boolean {
  const [namedHost, number, start] = name.split('-');
  const { hostId, certain } = thisHost();
  const pid = Number(number);
  if (!certain || namedHost !== hostId || !Number.isSafeInteger(pid) || pid <= 0) return false;
  if (!isAlive(pid)) return true;
  const currentStart = startOf(pid);
  return currentStart !== undefined && start !== 'unknown' && currentStart !== start;
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

function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** The most entries of a folder that are checked. */
const ENTRIES_MAX = 4096;
/** Milliseconds. No run takes longer. */
const STALE_MS = 24 * 60 * 60 * 1000;

const swept = new Set<string>();

export function entriesOf(folder: string): string[] {
  return readdirSync(folder).slice(0, ENTRIES_MAX);
}

/**
 * Removes the files of killed processes in a shared folder, once in a process for each folder and prefix. Each name is the prefix, the
 * name of the process, and a random end. The next process on the same machine removes them. After a day any process does, because
 * containers that share a folder do not see each other's processes.
 */
export function sweep(folder: string, prefix: string): void {
  const sweepKey = `${prefix}${folder}`;
  if (swept.has(sweepKey)) return;
  swept.add(sweepKey);
  for (const name of attempt(() => entriesOf(folder)) ?? []) {
    const path = join(folder, name);
    // Another process may remove it first.
    attempt(() => {
      if (name.startsWith(prefix) && isLeft(path, name.slice(prefix.length)))
        rmSync(path, { recursive: true, force: true });
    });
  }
}

function isLeft(path: string, suffix: string): boolean {
  const { uid, mtimeMs } = lstatSync(path);
  if (process.getuid !== undefined && uid !== process.getuid()) return false;
  const owner = /^(.*)-[^-]*$/s.exec(suffix)?.[1];
  return (owner !== undefined && hasEnded(owner)) || Date.now() - mtimeMs > STALE_MS;
}
