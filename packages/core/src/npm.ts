/*
 * The core for guards of npm's ecosystem. It inspects in the same way, but does not load the readers of other ecosystems, which would
 * slow down every start of a manager.
 */
import type { Verdict } from './finding/verdict.ts';
import type { PackageFormat } from './formats/format.ts';
import {
  npmTarballFormat,
  packageInFolder,
  unpackedTarball,
} from './formats/npm-tarball/format.ts';
import { yarnZipFormat } from './formats/yarn-zip/format.ts';
import type { InspectOptions } from './inspect-options.ts';
import { inspectAs } from './inspect.ts';

export { gitTar } from './formats/npm-tarball/format.ts';
export { npmTarballFormat as npmTarball };
export { Typeflag, type Entry } from './containers/entry.ts';
export type { EntryReceiver } from './inspect-options.ts';
export { inspectAs } from './inspect.ts';
export {
  inspectKeeping,
  promisedSize,
  readKept,
  type Kept,
  type KeepingOptions,
} from './inspect-keeping.ts';

export type NpmFormat = 'npm' | 'yarn-zip';
type NpmOptions = Omit<InspectOptions, 'format'> & { readonly format?: NpmFormat };

/**
 * Inspects a tarball that a client unpacks completely, before it installs one folder from it. The whole archive is inspected first,
 * and then the folder as a package. `folder` is its path without the first folder of the archive.
 */
export function inspectInFolder(
  bytes: Uint8Array,
  folder: string,
  options: NpmOptions = {},
): Verdict {
  const whole = inspectAs(unpackedTarball, bytes, options);
  if (whole.status !== 'accept') return whole;
  return inspectAs(packageInFolder(folder), bytes, options);
}

const formats: Readonly<Record<NpmFormat, PackageFormat>> = {
  npm: npmTarballFormat,
  'yarn-zip': yarnZipFormat,
};

/** {@link inspectAs} a tarball, or an archive of Yarn's cache. */
export function inspect(bytes: Uint8Array, options: NpmOptions = {}): Verdict {
  return inspectAs(formats[options.format ?? 'npm'], bytes, options);
}
