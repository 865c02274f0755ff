/*
 * The core for guards of npm's ecosystem: the same inspection, without the readers of other ecosystems' archives, which a
 * manager would load at every start.
 */
import type { UndigestedVerdict, Verdict } from './finding/verdict.ts';
import type { PackageFormat } from './formats/format.ts';
import { format as npmTarball } from './formats/npm-tarball/format.ts';
import { format as yarnZip } from './formats/yarn-zip/format.ts';
import type { DeferredOptions, InspectOptions } from './inspect-options.ts';
import { inspectAs } from './inspect.ts';

export { gitTar } from './formats/npm-tarball/git-tar.ts';
export { npmTarball };
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

const formats: Readonly<Record<NpmFormat, PackageFormat>> = {
  npm: npmTarball,
  'yarn-zip': yarnZip,
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
