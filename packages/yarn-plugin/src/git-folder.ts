import { posix, win32 } from 'node:path';
import { parse } from 'node:querystring';
import type { Locator } from '@yarnpkg/core';

/** What precedes the settings in a reference, and in an address of GitHub's archives, which Yarn makes a reference of. */
const BEFORE_SETTINGS = [/^[^#]*#/, /^(?:git\+)?https:\/\/github\.com\/[^/#]+\/[^/#]+\/tarball\//];

/**
 * Whether the `cwd` in a git reference names a folder outside the clone. Yarn 4 packs the folder that it names, seen from
 * the clone: another project of this user's, whose scripts run, and whose lockfile is written.
 */
export function packsFolderOutside({ reference }: Locator): boolean {
  return BEFORE_SETTINGS.some((pattern) => {
    const [before] = pattern.exec(reference) ?? [];
    if (before === undefined) return false;
    // To the end: a lockfile that was written by hand has a further # in a value.
    const { cwd = [] } = parse(reference.slice(before.length));
    return [cwd].flat().some(leaves);
  });
}

function leaves(folder: string): boolean {
  // What is absolute to POSIX is so to Windows.
  const [first] = posix.normalize(folder.replaceAll('\\', '/')).split('/');
  return win32.isAbsolute(folder) || first === '..';
}
