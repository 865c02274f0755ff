import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readHead } from '@tarwarden/guard/read-bounded';
import { realOrSame } from '@tarwarden/guard/real-path';

export interface YarnCopy {
  readonly bundle: string;
  readonly version: string;
}

/** The Yarn 1 in a package folder that npm, corepack or an installer has unpacked. */
function readCopy(folder: string): YarnCopy | undefined {
  try {
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    const { name, version } = JSON.parse(text) as Record<string, unknown>;
    if (name !== 'yarn' || typeof version !== 'string' || !/^[01]\./.test(version))
      return undefined;
    return { bundle: join(folder, 'lib', 'cli.js'), version };
  } catch {
    return undefined;
  }
}

/** The start of a bundle that `yarn policies set-version` writes. No other file starts so. */
const BUNDLE_HEAD =
  /^(?:#![^\n]*\n)?module\.exports =\n\/\*{6}\/ \(function\(modules\) \{ \/\/ webpackBootstrap/;
const HEAD_BYTES = 256;

/** Whether a file is a Yarn 1 in one file. Reads the file only if its name fits, or if any name is allowed. */
function isBundle(file: string, anyName: boolean): boolean {
  if (!anyName && !/^yarn(?:-.*)?\.c?js$/i.test(basename(file))) return false;
  return BUNDLE_HEAD.test(readHead(file, HEAD_BYTES).toString('latin1'));
}

/**
 * The Yarn 1 with this bundle, given by its real path. Undefined for any other file. A bundle that is run as a program may have any
 * name (`anyName`).
 */
export function copyOfBundle(file: string, anyName = false): YarnCopy | undefined {
  if (basename(file) === 'cli.js' && basename(dirname(file)) === 'lib')
    return readCopy(dirname(dirname(file)));
  return isBundle(file, anyName) ? { bundle: file, version: 'of a single file' } : undefined;
}

/** The Yarn 1 that a main file starts. */
export function copyOfMain(main: string | undefined): YarnCopy | undefined {
  if (main === undefined) return undefined;
  // Node reports a missing main file better than we could.
  const file = realOrSame(main);
  if (basename(dirname(file)) === 'bin') return readCopy(dirname(dirname(file)));
  return copyOfBundle(file, true);
}
