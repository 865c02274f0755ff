import type { Verdict, UndigestedVerdict } from './finding/verdict.ts';
import { formatOf } from './formats/index.ts';
import type { DeferredOptions, InspectOptions } from './inspect-options.ts';
import { inspectAs } from './inspect.ts';

/** {@link inspectAs} the format that the options name; a tarball of npm where they name none. */
export function inspect(bytes: Uint8Array, options: DeferredOptions): UndigestedVerdict;
export function inspect(bytes: Uint8Array, options?: InspectOptions): Verdict;
export function inspect(
  bytes: Uint8Array,
  options: InspectOptions | DeferredOptions = {},
): Verdict | UndigestedVerdict {
  return inspectAs(formatOf(options.format ?? 'npm'), bytes, options);
}
