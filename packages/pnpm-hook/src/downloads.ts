/* How many downloads run at once. */
import { readFileSync } from 'node:fs';

/** As many as pnpm 12 makes. */
const DOWNLOADS = 64;
/** Of the files that this process may have open, one in so many is for a download: each has a socket and, later, a file. */
const SHARE = 8;

/** Fewer where `ulimit -n` is small. */
export function downloadsAtOnce(limits: string | undefined = readLimits()): number {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(limits ?? '') ?? [];
  return soft === undefined
    ? DOWNLOADS
    : Math.min(DOWNLOADS, Math.max(1, Math.floor(Number(soft) / SHARE)));
}

function readLimits(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return undefined;
  }
}
