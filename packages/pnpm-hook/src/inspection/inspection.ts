/*
 * The code that inspects and refuses, and that reads policy files. It is built as a separate file, and loaded with the first policy file or
 * tarball. Most installs have neither.
 */
import { rm } from 'node:fs/promises';
import { makeTemporaryFolder } from '@tarwarden/guard/run';
import { fetchCommit as archive, type Commit } from '@tarwarden/guard';

export { inspect, inspectInFolder } from '@tarwarden/core/npm';
export { loadPolicy } from '@tarwarden/guard/policy-file';
export { commitOf, isWhole } from '@tarwarden/guard';
// build.mjs puts this file in the place of `@tarwarden/guard/weighing`, from which the guard loads these.
export { weighClaims } from '@tarwarden/core/policy';
export { rejected, uploadWarning } from '@tarwarden/guard';

/** `fetchCommit` of `host`, in a folder that has room. */
export function archiveCommit(
  commit: Commit,
  limits: { readonly timeLimit: number; readonly offline: boolean },
): Promise<Buffer> {
  return archive(commit, { ...limits, makeFolder });
}

async function makeFolder(): Promise<string> {
  const { path, reserve } = makeTemporaryFolder({ prefix: 'tarwarden-git-' });
  await rm(reserve, { force: true });
  return path;
}
