/* Removes what was tried has left: it may be deeper than a path can be long, and closed to its owner. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';

/** These go by open folders and not by whole paths, as Node does for hours, and follow no link. */
const REMOVE = ['/bin/rm', '-rf', '--'] as const;
const OPEN = ['/bin/chmod', '-R', 'u+rwX', '--'] as const;

/** Best effort: what is left then is in a private folder. */
export function removeAll(folder: string): void {
  if (run(REMOVE, folder)) return;
  run(OPEN, folder);
  if (run(REMOVE, folder)) return;
  try {
    // Again where something that a program has left behind still writes there.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch {
    // It stays, for the system to clean up.
  }
}

function run([tool, ...args]: typeof REMOVE | typeof OPEN, folder: string): boolean {
  if (!existsSync(tool)) return false;
  return spawnSync(tool, [...args, folder], { stdio: 'ignore' }).status === 0;
}
