import { posix, win32 } from 'node:path';
import { parse } from 'node:querystring';
import type { Locator } from '@yarnpkg/core';

/** Matches the text before the settings in a git reference, and in a URL of GitHub's archives, which Yarn turns into a reference. */
const BEFORE_SETTINGS = [/^[^#]*#/, /^(?:git\+)?https:\/\/github\.com\/[^/#]+\/[^/#]+\/tarball\//];

/** Protocols of packages that come from no git host. A # in them has another meaning. */
const OF_NO_HOST = /^(?:npm|virtual|workspace|patch|file|exec|link|portal|builtin):/;

/** Whether Yarn may request an archive from a git host before it clones, so that it fetches in several ways. */
export function mayBeHosted({ reference }: Locator): boolean {
  return !OF_NO_HOST.test(reference);
}

/**
 * Whether Yarn runs programs of the package to pack it. It installs and packs every clone with its scripts, and `exec:` names a
 * program. This looks for the text before a commit, because Yarn also reads encoded names.
 */
export function isMadeByPrograms(locator: Locator): boolean {
  const { reference } = locator;
  if (reference.startsWith('exec:')) return true;
  return mayBeHosted(locator) && BEFORE_SETTINGS.some((pattern) => pattern.test(reference));
}

/**
 * Whether the `cwd` in a git reference names a folder outside the clone. Yarn 4 packs that folder, even if it is another project of
 * this user: it runs its scripts and writes its lockfile.
 */
export function packsFolderOutside({ reference }: Locator): boolean {
  return BEFORE_SETTINGS.some((pattern) => {
    const [before] = pattern.exec(reference) ?? [];
    if (before === undefined) return false;
    // Parse to the end: a value in a lockfile that was written by hand may contain another #.
    const { cwd = [] } = parse(reference.slice(before.length));
    return [cwd].flat().some(leaves);
  });
}

function leaves(folder: string): boolean {
  // Windows calls every absolute POSIX path absolute.
  const [first] = posix.normalize(folder.replaceAll('\\', '/')).split('/');
  return win32.isAbsolute(folder) || first === '..';
}
