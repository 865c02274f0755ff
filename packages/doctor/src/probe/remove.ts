/* Removes the files of a trial. They may be deeper than the longest path, and their owner may have no right to read them. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';

/** These programs walk by open folders. Node walks by whole paths, which takes hours for deep folders. They follow no link. */
const REMOVE = ['/bin/rm', '-rf', '--'] as const;
const OPEN = ['/bin/chmod', '-R', 'u+rwX', '--'] as const;

/** If this fails, the remaining files are in a private folder. */
export function removeAll(folder: string): void {
  if (run(REMOVE, folder)) return;
  run(OPEN, folder);
  if (run(REMOVE, folder)) return;
  try {
    // A process that a program left behind may still write there.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  } catch {
    // The system cleans up its folder for temporary files.
  }
}

function run([tool, ...args]: typeof REMOVE | typeof OPEN, folder: string): boolean {
  if (!existsSync(tool)) return false;
  return spawnSync(tool, [...args, folder], { stdio: 'ignore' }).status === 0;
}
