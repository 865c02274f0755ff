import { randomBytes } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';
import { type InspectOptions, DEFAULT_POLICY, type Verdict } from '@tarwarden/core';
import type { PackageFormat } from '@tarwarden/core/formats';
import { inspectAs, inspectKeeping, npmTarball, readKept } from '@tarwarden/core/npm';
import { quote } from '@tarwarden/core/text';
import { isErrno } from '../files/errno.ts';
import { folderNames } from '../project/folder-entries.ts';
import { asUnpackError, UnpackError } from './unpack-error.ts';
import { writeArchive, type Read, type WrittenCounts } from './unpack-writer.ts';

/** The most bytes of a tar that is kept between inspection and writing; a longer one is unpacked a second time. */
const KEPT_MAX = 32 * 1024 * 1024;

const PREFIX = '.tarwarden-unpack-';
const NAME = /^\.tarwarden-unpack-[0-9a-f]{32}$/;
/** The package's folder in the temporary folder. The temporary folder is private; this one gets the rights that the umask leaves. */
const CONTENT = 'package';
/** The age of a temporary folder that belongs to no running process any more. Milliseconds. */
const STALE_MS = 60 * 60 * 1000;

export interface UnpackOptions extends Pick<InspectOptions, 'expected' | 'policy' | 'sha512'> {
  /** Whether to skip the search for leftovers of killed runs, for callers that unpack many archives side by side. */
  readonly leavesLeftovers?: boolean;
}

/** The result for an archive. `refused`: the verdict rejects, and the disk is untouched. */
export type UnpackResult =
  | { readonly status: 'refused'; readonly verdict: Verdict }
  | ({ readonly status: 'unpacked'; readonly verdict: Verdict } & WrittenCounts);

/** {@link unpackAs} a tarball of npm. */
export function unpack(
  bytes: Uint8Array,
  destination: string,
  options: UnpackOptions = {},
): UnpackResult {
  return unpackAs(npmTarball, { bytes, destination }, options);
}

/**
 * Inspects a package archive and, if it is accepted, writes its files and folders to `destination`, without the top folder if the
 * format has one. It writes all or nothing: the files are assembled in a private temporary folder beside the destination, which
 * then gets its name in one step.
 *
 * The destination must not exist or be an empty folder, and its parent must exist. No link is followed or written. Rights are 0644
 * or 0755 less the umask; owners and times are not taken from the archive. Unpacked sizes above 32 MiB take no more memory. Throws
 * {@link UnpackError}, and then the destination is unchanged.
 */
export function unpackAs(
  format: PackageFormat,
  { bytes, destination }: { readonly bytes: Uint8Array; readonly destination: string },
  options: UnpackOptions = {},
): UnpackResult {
  const { leavesLeftovers = false, ...inspectOptions } = options;
  const { verdict, readEntries } = inspectToRead(format, bytes, inspectOptions);
  if (verdict.status === 'reject') return { status: 'refused', verdict };
  const { limits } = inspectOptions.policy ?? DEFAULT_POLICY;
  try {
    const path = freePath(destination);
    if (!leavesLeftovers) removeLeftovers(dirname(path));
    const counts = assembled(path, (folder) =>
      writeArchive(readEntries, folder, { format, limits }),
    );
    return { status: 'unpacked', verdict, ...counts };
  } catch (error) {
    throw asUnpackError(error, `unpack into ${quote(destination)}`);
  }
}

/** Inspects, and returns a function that reads the archive again. It reads the unpacked tar of a tarball without findings. */
function inspectToRead(
  format: PackageFormat,
  input: Uint8Array,
  options: Pick<InspectOptions, 'expected' | 'policy' | 'sha512'>,
): { readonly verdict: Verdict; readonly readEntries: Read } {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const readAgain: Read = (sink, readOptions) => format.read(bytes, sink, readOptions);
  if (format !== npmTarball)
    return { verdict: inspectAs(format, bytes, options), readEntries: readAgain };
  // If a rule is off, the archive may have problems without findings. Then the writer has to read the archive itself.
  const someOff = Object.values(options.policy?.levels ?? {}).includes('off');
  const room = (size: number): Buffer | undefined =>
    someOff || size > KEPT_MAX ? undefined : Buffer.allocUnsafeSlow(size);
  const { verdict, tar } = inspectKeeping(bytes, { ...options, room });
  return {
    verdict,
    readEntries:
      tar === undefined ? readAgain : (sink, readOptions) => readKept(tar, sink, readOptions),
  };
}

/** The absolute path of the destination, which is free. @throws UnpackError */
function freePath(destination: string): string {
  const { root } = parse(destination);
  const parts = destination.slice(root.length).split(sep === '/' ? '/' : /[\\/]/);
  const names = parts.filter((part) => part !== '' && part !== '.');
  const name = names.pop();
  if (name === undefined || name === '..' || destination.includes('\0')) {
    throw new UnpackError(
      'DESTINATION_INVALID',
      `${quote(destination)} is not the name of a new folder; give one, such as ${quote('./package')}`,
    );
  }
  let folder = resolve(root || '.');
  for (const [index, part] of names.entries()) {
    folder = join(folder, part);
    assertFolder(folder, names.slice(0, index + 1).join('/'));
  }
  const path = join(folder, name);
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory() === false) throw occupied(name, 'something that is not a folder');
  if (stat !== undefined && readdirSync(path).length > 0)
    throw occupied(name, 'a folder that is not empty');
  return path;
}

function assertFolder(folder: string, shownPath: string): void {
  const stat = lstatSync(folder, { throwIfNoEntry: false });
  if (stat?.isDirectory() === true) return;
  if (stat === undefined)
    throw new UnpackError(
      'PARENT_MISSING',
      `there is no folder ${quote(shownPath)}; make it first`,
    );
  if (!stat.isSymbolicLink())
    throw new UnpackError('PARENT_MISSING', `${quote(shownPath)} is not a folder`);
  throw new UnpackError(
    'LINK_IN_PATH',
    `${quote(shownPath)} is a symbolic link, and none is followed on the way to the destination; give the path that it stands for (realpath tells it)`,
  );
}

function occupied(name: string, occupant: string, cause?: unknown): UnpackError {
  return new UnpackError(
    'DESTINATION_EXISTS',
    `${quote(name)} exists and is ${occupant}; name a new folder, or remove it first`,
    { cause },
  );
}

/** Writes into a folder in a private temporary folder (0700) beside `path`, and gives it that path when it is complete. */
function assembled<Result>(path: string, write: (folder: string) => Result): Result {
  const temporary = join(dirname(path), PREFIX + randomBytes(16).toString('hex'));
  const content = join(temporary, CONTENT);
  try {
    mkdirSync(temporary, { mode: 0o700 });
    mkdirSync(content, { mode: 0o755 });
    const result = write(content);
    publish(content, path);
    return result;
  } finally {
    remove(temporary);
  }
}

function remove(temporary: string): void {
  try {
    rmSync(temporary, { recursive: true, force: true });
  } catch {
    // A later run removes it.
  }
}

function publish(content: string, path: string): void {
  try {
    renameSync(content, path);
  } catch (error) {
    const { base: name } = parse(path);
    if (isErrno(error, 'ENOTEMPTY', 'EEXIST'))
      throw occupied(name, 'a folder that is not empty', error);
    if (isErrno(error, 'ENOTDIR')) throw occupied(name, 'something that is not a folder', error);
    throw error;
  }
}

/** Removes temporary folders that a killed process left more than an hour ago. */
function removeLeftovers(parent: string): void {
  for (const name of folderNames(parent).filter((entryName) => NAME.test(entryName))) {
    const path = join(parent, name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true && Date.now() - stat.mtimeMs >= STALE_MS) remove(path);
  }
}
