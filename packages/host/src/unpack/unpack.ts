import { resolve } from 'node:path';
import { type InspectOptions, DEFAULT_POLICY, type Verdict } from '@tarwarden/core';
import type { PackageFormat } from '@tarwarden/core/formats';
import { inspectAs, inspectKeeping, npmTarball, readKept } from '@tarwarden/core/npm';
import { printablePath, quote } from '@tarwarden/core/text';
import { assertFree, openDestination, type Destination } from './unpack-destination.ts';
import { asUnpackError, UnpackError } from './unpack-error.ts';
import { bestChecking, type Checking } from './unpack-folder.ts';
import { removeLeftovers, Staging } from './unpack-staging.ts';
import { writeArchive, type Read } from './unpack-writer.ts';

/** The most bytes of a tar that is kept between inspection and writing; a longer one is unpacked a second time. */
const KEPT_MAX = 32 * 1024 * 1024;

export interface UnpackOptions extends Pick<InspectOptions, 'expected' | 'policy' | 'sha512'> {
  /** How folders are checked; by default the safest way of the platform. For tests. */
  readonly checking?: Checking;
  /** Whether to skip the search for leftovers of killed runs, for callers that unpack many archives side by side. */
  readonly leavesLeftovers?: boolean;
}

/** The result for an archive. `refused`: the verdict rejects, and the disk is untouched. */
export type UnpackResult =
  | { readonly status: 'refused'; readonly verdict: Verdict }
  | {
      readonly status: 'unpacked';
      readonly verdict: Verdict;
      readonly files: number;
      readonly folders: number;
      /** The bytes of all files together. */
      readonly bytes: number;
      readonly checking: Checking;
      /** Path of a temporary folder that could not be removed; absent if all is removed. */
      readonly leftover?: string;
    };

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
  const { checking = bestChecking(), leavesLeftovers = false, ...inspectOptions } = options;
  const { verdict, read } = inspectToRead(format, bytes, inspectOptions);
  if (verdict.status === 'reject') return { status: 'refused', verdict };
  const place = failing(destination, () => openDestination(destination, checking));
  try {
    return failing(destination, () => {
      assertFree(place);
      if (!leavesLeftovers) removeLeftovers(place.parent);
      const written = unpackInto(place, destination, (staging) =>
        writeArchive(read, staging.tree, {
          format,
          limits: (inspectOptions.policy ?? DEFAULT_POLICY).limits,
        }),
      );
      return { status: 'unpacked', verdict, ...written, checking };
    });
  } finally {
    place.parent.close();
  }
}

/** Inspects, and returns a function that reads the archive again. It reads the unpacked tar of a tarball without findings. */
function inspectToRead(
  format: PackageFormat,
  input: Uint8Array,
  options: Pick<InspectOptions, 'expected' | 'policy' | 'sha512'>,
): { readonly verdict: Verdict; readonly read: Read } {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const again: Read = (sink, readOptions) => format.read(bytes, sink, readOptions);
  if (format !== npmTarball)
    return { verdict: inspectAs(format, bytes, options) as Verdict, read: again };
  // If a rule is off, the archive may have problems without findings. Then the writer has to read the archive itself.
  const someOff = Object.values(options.policy?.levels ?? {}).includes('off');
  const room = (size: number): Buffer | undefined =>
    someOff || size > KEPT_MAX ? undefined : Buffer.allocUnsafeSlow(size);
  const { verdict, tar } = inspectKeeping(bytes, { ...options, room });
  return {
    verdict,
    read: tar === undefined ? again : (sink, readOptions) => readKept(tar, sink, readOptions),
  };
}

function unpackInto(
  place: Destination,
  destination: string,
  write: (staging: Staging) => number,
): { files: number; folders: number; bytes: number; leftover?: string } {
  const staging = new Staging(place);
  const leftover = resolve(destination, '..', staging.name);
  try {
    const bytes = write(staging);
    const { files, folders } = staging.tree;
    staging.tree.verify();
    staging.publish();
    return { files, folders, bytes, ...(staging.discard() ? {} : { leftover }) };
  } catch (error) {
    const failure = asUnpackError(error, `unpack into ${quote(destination)}`);
    if (!staging.discard() && failure instanceof UnpackError) {
      failure.leftover = leftover;
      failure.message += `; ${printablePath(leftover)} could not be removed`;
    }
    throw failure;
  } finally {
    staging.close();
  }
}

function failing<Result>(destination: string, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw asUnpackError(error, `unpack into ${quote(destination)}`);
  }
}
