/* Tarballs that were judged and are still to be unpacked: one private folder a process, gone when it ends. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

function privateFolder(): string {
  if (folder !== undefined) return folder;
  // 0700, whatever the umask.
  const made = mkdtempSync(join(tmpdir(), 'tarwarden-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return (folder = made);
}

/** Writes bytes to a new file that only this user can read. Its path. */
export async function keep(bytes: Uint8Array): Promise<string> {
  const path = join(privateFolder(), `${randomBytes(12).toString('hex')}.tgz`);
  await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
  return path;
}

export async function discard(path: string): Promise<void> {
  await rm(path, { force: true });
}
