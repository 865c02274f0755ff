import { parse, resolve, sep } from 'node:path';
import { quote } from '@tarwarden/core/text';
import { isErrno } from '../errno.ts';
import { UnpackError } from './unpack-error.ts';
import { Folder, type Checking } from './unpack-folder.ts';

/** The destination of a package: a name in an open folder. */
export interface Destination {
  readonly parent: Folder;
  readonly name: string;
}

/** Opens the parent folder of `path` name by name, following no link that another process swaps in. The caller closes `parent`. */
export function openDestination(path: string, checking: Checking): Destination {
  const { root } = parse(path);
  const parts = path.slice(root.length).split(process.platform === 'win32' ? /[\\/]/ : sep);
  const names = parts.filter((part) => part !== '' && part !== '.');
  const name = names.pop();
  if (name === undefined || name === '..' || path.includes('\0')) {
    throw new UnpackError(
      'DESTINATION_INVALID',
      `${quote(path)} is not the name of a new folder; give one, such as ${quote('./package')}`,
    );
  }
  // The kernel keeps the current folder without a path, so links above it are not followed again.
  const start = checking === 'descriptor' ? root || '.' : resolve(root || '.');
  let parent = Folder.at(start, checking);
  if (parent === undefined) throw new UnpackError('PARENT_MISSING', 'the current folder is gone');
  for (const [index, part] of names.entries()) {
    const next = step(parent, part, names.slice(0, index + 1).join('/'));
    parent.close();
    parent = next;
  }
  return { parent, name };
}

function step(folder: Folder, name: string, shown: string): Folder {
  try {
    const next = name === '..' ? folder.parent() : folder.open(name);
    if (next !== undefined) return next;
    // `..` leads to a folder whose name is not known here, so there is no entry to check.
    if (name !== '..' && folder.look(name)?.isSymbolicLink() === true) throw linkInPath(shown);
    throw new UnpackError('PARENT_MISSING', `${quote(shown)} is not a folder`);
  } catch (error) {
    folder.close();
    if (!isErrno(error, 'ENOENT')) throw error;
    throw new UnpackError('PARENT_MISSING', `there is no folder ${quote(shown)}; make it first`, {
      cause: error,
    });
  }
}

function linkInPath(shown: string): UnpackError {
  return new UnpackError(
    'LINK_IN_PATH',
    `${quote(shown)} is a symbolic link, and none is followed on the way to the destination; give the path that it stands for (realpath tells it)`,
  );
}

/** Throws unless the destination does not exist or is an empty folder. */
export function assertFree({ parent, name }: Destination): void {
  if (parent.look(name) === undefined) return;
  const folder = parent.open(name);
  if (folder === undefined) throw occupied(name);
  const empty = folder.names().length === 0;
  folder.close();
  if (!empty) throw occupied(name, 'a folder that is not empty');
}

export function occupied(
  name: string,
  what = 'something that is not a folder',
  cause?: unknown,
): UnpackError {
  return new UnpackError(
    'DESTINATION_EXISTS',
    `${quote(name)} exists and is ${what}; name a new folder, or remove it first`,
    { cause },
  );
}
