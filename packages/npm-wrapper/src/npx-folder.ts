import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheDirectory, makePrivateDirectory, mayBeCommitted } from '@tarwarden/core/host';
import { makeTemporaryFolder } from '@tarwarden/guarded-run';

/** Trees of other rules and policies go when nobody asked for one of them for so long: a program may still run from there. */
const UNUSED_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Where guarded npx keeps its trees: below the user's own cache of tarwarden, which no repository's setting moves. A folder
 * for each `context` (rules and policy), so that a tree made under others is not taken for judged. Where no folder is ours
 * alone to write, or it may have come with the project, one for this process.
 */
export function npxFolder(context: string, env: NodeJS.ProcessEnv): string {
  const cache = cacheDirectory(env);
  const all = join(cache, 'npx');
  const folder = join(all, context);
  if (
    mayBeCommitted(cache, process.cwd(), env['HOME'] ?? homedir()) ||
    ![cache, all, folder].every(makePrivateDirectory)
  )
    return temporaryFolder();
  const now = new Date();
  try {
    utimesSync(folder, now, now);
    for (const name of readdirSync(all)) {
      const other = join(all, name);
      if (now.getTime() - statSync(other).mtimeMs > UNUSED_MS)
        rmSync(other, { recursive: true, force: true });
    }
  } catch {
    // Another process was first; it can be tidied another time.
  }
  return folder;
}

function temporaryFolder(): string {
  const { path: folder, reserve } = makeTemporaryFolder({ prefix: 'tarwarden-npx-' });
  rmSync(reserve, { force: true });
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
