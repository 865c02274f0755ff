/* Compares the installed files of a package with its archive. */
import { join } from 'node:path';
import { INSTALL_SCRIPTS } from '@tarwarden/core/metadata';
import { printablePath, quote } from '@tarwarden/core/text';
import type { UnpackedFiles } from '@tarwarden/core/trees';
import { isWithin, readBounded, realAsFar } from '@tarwarden/host';
import {
  describeDifferences,
  folderDifferences,
  type Differences,
} from '../compare/differences.ts';
import { BUN_TAG } from '../cache/bun-cache.ts';
import type { EntryKind } from '../compare/folder-files.ts';
import type { Check } from '../result.ts';
import { isKnown } from './planted.ts';

/** A file that Yarn adds to an unplugged package when it is complete. */
const YARN_READY = '.ready';

const UNPLUGGED = /[\\/]\.yarn[\\/]unplugged[\\/]/;

/** Bytes of a package.json that is read for its scripts. */
const MANIFEST_BYTES_MAX = 2 * 1024 * 1024;

/** @param files The files of its archive. */
export function installedChecks(folder: string, files: UnpackedFiles): Check[] {
  const isOfManager = (path: string): boolean =>
    path === BUN_TAG || (path === YARN_READY && UNPLUGGED.test(folder));
  const found = withoutRenamed(
    folderDifferences(
      files,
      folder,
      (path, kind) => isOfManager(path) || isNested(path, kind, files),
    ),
    files,
  );
  const checks = found.links.map((path) => linkCheck(folder, path));
  const differences = describeDifferences(found, ['changed', 'missing', 'added']);
  if (differences === undefined) return checks;
  const isOwn = !found.changed.includes('package.json') && runsScripts(folder);
  const why = isOwn ? ', which its own install scripts may have done' : '';
  const message = `${printablePath(folder)} is not what the archive has: ${differences}${why}`;
  return [...checks, { id: 'installed-mismatch', level: isOwn ? 'warning' : 'error', message }];
}

/** Packages inside another one, and links to them, have their own results, unless they came in its archive. */
function isNested(path: string, kind: EntryKind, files: UnpackedFiles): boolean {
  if (path === 'node_modules') return kind === 'link';
  if (!path.startsWith('node_modules/') || isBundled(path, files)) return false;
  const name = path.slice('node_modules/'.length);
  if (kind === 'folder') return !/^@[^/]*$/.test(name);
  return kind === 'link' || isKnown(name);
}

function isBundled(path: string, files: UnpackedFiles): boolean {
  if (files.has(path)) return true;
  const [, top] = /^(node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
  return top !== undefined && [...files.keys()].some((file) => file.startsWith(`${top}/`));
}

/** npm unpacks `.gitignore` as `.npmignore`. Yarn 2 and newer leave out packages in an archive, and install them beside it. */
function withoutRenamed(found: Differences, files: UnpackedFiles): Differences {
  const isNot = (name: string) => (path: string) => path !== name && !path.endsWith(`/${name}`);
  const isBrought = (path: string): boolean => path.startsWith('node_modules/');
  const brought = [...files.keys()].filter(isBrought).length;
  const isLeftOut = found.missing.filter(isBrought).length === brought;
  return {
    ...found,
    missing: found.missing
      .filter(isNot('.gitignore'))
      .filter((path) => !(isLeftOut && isBrought(path))),
    added: found.added.filter(isNot('.npmignore')),
  };
}

function linkCheck(folder: string, path: string): Check {
  const leaves = !isWithin(realAsFar(folder), realAsFar(join(folder, path)));
  const where = leaves ? 'leaves the package' : 'stays in the package, and is not in the archive';
  return {
    id: 'installed-link',
    level: leaves ? 'error' : 'warning',
    message: `${printablePath(folder)} has a link ${quote(path)}, which ${where}`,
  };
}

/** Whether the package has install scripts. Called only if its package.json is that of the archive. */
function runsScripts(folder: string): boolean {
  try {
    const options = { bytesMax: MANIFEST_BYTES_MAX, follow: false };
    const { bytes } = readBounded(join(folder, 'package.json'), options);
    const { scripts = {} } = JSON.parse(bytes?.toString('utf8') ?? '{}') as { scripts?: object };
    return INSTALL_SCRIPTS.some((name) => Object.hasOwn(scripts, name));
  } catch {
    return false;
  }
}
