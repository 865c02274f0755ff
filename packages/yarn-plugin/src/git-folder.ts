import { isAbsolute, normalize, win32 } from 'node:path';
import { parse } from 'node:querystring';
import type { Locator } from '@yarnpkg/core';
import { notInspected } from './refuse.ts';
import { subjectOf } from './subject.ts';

/**
 * Yarn 4 packs the folder that `cwd` in a git reference names, seen from the clone. One outside of the clone would be
 * another project of this user's, whose scripts run, and whose lockfile is written.
 */
export function refuseFolderOutside(locator: Locator): void {
  // Yarn takes what follows /tarball/ in an address of GitHub for what follows a #.
  const [, ...fragments] = locator.reference.split(/#|\/tarball\//);
  const folders = fragments.flatMap((one) => parse(one)['cwd'] ?? []);
  if (!folders.some(leaves)) return;
  const why = 'its reference names a folder outside of its repository (cwd)';
  throw notInspected(subjectOf(locator).label, why);
}

function leaves(folder: string): boolean {
  const parts = normalize(folder.replaceAll('\\', '/')).split('/');
  return isAbsolute(folder) || win32.isAbsolute(folder) || parts[0] === '..';
}
