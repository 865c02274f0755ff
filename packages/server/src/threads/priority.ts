import { setPriority } from 'node:os';

/** The priority of a thread that works for long; 0 is normal, 19 is the lowest. */
const PRIORITY = 5;

/**
 * Lets the thread that answers requests run first if all processors are busy. Only Linux has priorities of threads: elsewhere, the call
 * would change the whole process.
 */
export function yieldToRequests(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(PRIORITY);
  } catch {
    // The system does not allow it. Everything works, but requests may wait a little longer.
  }
}
