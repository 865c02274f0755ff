import { isAbsolute, normalize, win32 } from 'node:path';
import { parse } from 'node:querystring';
import type { Locator } from '@yarnpkg/core';

/**
 * Whether the `cwd` in a git reference names a folder outside the clone. Yarn 4 packs the folder that it names, seen from
 * the clone: another project of this user's, whose scripts run, and whose lockfile is written.
 */
export function packsFolderOutside({ reference }: Locator): boolean {
  // Yarn reads what follows /tarball/ in an address of GitHub as what follows a #.
  const [, ...fragments] = reference.split(/#|\/tarball\//);
  return fragments.flatMap((one) => parse(one)['cwd'] ?? []).some(leaves);
}

function leaves(folder: string): boolean {
  const parts = normalize(folder.replaceAll('\\', '/')).split('/');
  return isAbsolute(folder) || win32.isAbsolute(folder) || parts[0] === '..';
}
