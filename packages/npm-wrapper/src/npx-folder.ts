import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDirectory, isOutOfSpace, isUnwritable, makeFolders } from '@tarwarden/host';
import { makeTemporaryFolder } from '@tarwarden/guarded-run';

/** A tree of other rules or policies is removed after so many milliseconds without use. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The folder in which guarded npx keeps its trees. It is in the user's own cache of tarwarden, which no setting of a repository can
 * move. Each `context` (rules, policy) has its own folder, so that a tree made under others does not count as inspected. If
 * the folder cannot be made, this process gets a temporary one.
 */
export function npxFolder(context: string, env: NodeJS.ProcessEnv): string {
  const all = join(cacheDirectory(env), 'npx');
  const folder = join(all, context);
  try {
    makeFolders(folder, 0o700);
  } catch {
    return temporaryFolder();
  }
  const now = new Date();
  try {
    utimesSync(folder, now, now);
    for (const name of readdirSync(all)) {
      const other = join(all, name);
      if (now.getTime() - statSync(other).mtimeMs > UNUSED_MS)
        rmSync(other, { recursive: true, force: true });
    }
  } catch {
    // Another process may have removed it first.
  }
  return folder;
}

/**
 * Another folder for this process, if npx could not make a tree in `folder` because the disk is full or read-only. Undefined for other
 * failures, such as a failure of the program, which must not run twice.
 */
export function npxFolderInstead(folder: string, error: unknown): string | undefined {
  const { syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall === undefined || syscall.startsWith('spawn') || !isUnwritable(error))
    return undefined;
  return isOutOfSpace(error) || !takesFiles(folder) ? temporaryFolder() : undefined;
}

function takesFiles(folder: string): boolean {
  const probe = join(folder, `probe-${randomUUID()}`);
  try {
    writeFileSync(probe, '', { mode: 0o600, flag: 'wx' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { force: true });
  }
}

export function temporaryFolder(): string {
  const { path: folder, reserve } = makeTemporaryFolder({ prefix: 'tarwarden-npx-' });
  rmSync(reserve, { force: true });
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
