/*
 * The core for guards of npm's ecosystem: the same inspection, without the readers of other ecosystems' archives, which a
 * manager would load at every start.
 */
import type { UndigestedVerdict, Verdict } from './finding/verdict.ts';
import type { PackageFormat } from './formats/format.ts';
import { npmTarballFormat } from './formats/npm-tarball/format.ts';
import { packageInFolder, unpackedTarball } from './formats/npm-tarball/in-folder.ts';
import { yarnZipFormat } from './formats/yarn-zip/format.ts';
import type { DeferredOptions, InspectOptions } from './inspect-options.ts';
import { inspectAs } from './inspect.ts';

export { gitTar } from './formats/npm-tarball/git-tar.ts';
export { npmTarballFormat as npmTarball };
export { inspectAs } from './inspect.ts';
export {
  inspectKeeping,
  promisedSize,
  readKept,
  type Kept,
  type KeepingOptions,
} from './inspect-keeping.ts';

export type NpmFormat = 'npm' | 'yarn-zip';
type Of<Options> = Omit<Options, 'format'> & { readonly format?: NpmFormat };

/**
 * Inspects a tarball that a client unpacks whole and then installs one folder of, by its path without the first folder of the
 * archive: the whole archive, and then the folder as a package.
 */
export function inspectInFolder(
  bytes: Uint8Array,
  folder: string,
  options: Of<InspectOptions> = {},
): Verdict {
  const whole = inspectAs(unpackedTarball, bytes, options) as Verdict;
  if (whole.status !== 'accept') return whole;
  return inspectAs(packageInFolder(folder), bytes, options) as Verdict;
}

const formats: Readonly<Record<NpmFormat, PackageFormat>> = {
  npm: npmTarballFormat,
  'yarn-zip': yarnZipFormat,
};

/** {@link inspectAs} a tarball, or an archive of Yarn's cache. */
export function inspect(bytes: Uint8Array, options: Of<DeferredOptions>): UndigestedVerdict;
export function inspect(bytes: Uint8Array, options?: Of<InspectOptions>): Verdict;
export function inspect(
  bytes: Uint8Array,
  options: Of<InspectOptions> | Of<DeferredOptions> = {},
): Verdict | UndigestedVerdict {
  return inspectAs(formats[options.format ?? 'npm'], bytes, options);
}
