/** Verdicts of sdists for tests of single rules. */
import type { ExpectedPackage } from '../../packages/core/src/finding/expected.ts';
import { inspected, type Inspected } from './inspected.ts';

/** Inspects an sdist as an index's `fixture-1.0.0.tar.gz`. */
export function inspectedSdist(bytes: Uint8Array, expected: ExpectedPackage = {}): Inspected {
  return inspected(bytes, {
    format: 'sdist',
    expected: { name: 'fixture', version: '1.0.0', fileName: 'fixture-1.0.0.tar.gz', ...expected },
  });
}
