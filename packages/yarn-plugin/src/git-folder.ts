import { posix, win32 } from 'node:path';
import { parse } from 'node:querystring';
import type { Locator } from '@yarnpkg/core';

/** The text before the settings in a git reference, and in a URL of GitHub's archives, which Yarn turns into a reference. */
const BEFORE_SETTINGS = [/^[^#]*#/, /^(?:git\+)?https:\/\/github\.com\/[^/#]+\/[^/#]+\/tarball\//];

/** Protocols of packages that come from no git host. A # in them has another meaning. */
const OF_NO_HOST = /^(?:npm|virtual|workspace|patch|file|exec|link|portal|builtin):/;

/** Whether a host of git may be asked for an archive instead of a clone, so that Yarn fetches in more ways than one. */
export function mayBeHosted({ reference }: Locator): boolean {
  return !OF_NO_HOST.test(reference);
}

/**
 * Whether Yarn runs programs of the package to make it: it installs and packs a clone with its scripts in every mode, and `exec:` names a
 * program. The test is the text in front of a commit, because Yarn also reads encoded names.
 */
export function isMadeByPrograms(locator: Locator): boolean {
  const { reference } = locator;
  if (reference.startsWith('exec:')) return true;
  return mayBeHosted(locator) && BEFORE_SETTINGS.some((pattern) => pattern.test(reference));
}

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
  // Windows calls every absolute POSIX path absolute.
  const [first] = posix.normalize(folder.replaceAll('\\', '/')).split('/');
  return win32.isAbsolute(folder) || first === '..';
}
