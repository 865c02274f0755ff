/** Module zips of Go, with checksums, sizes and offsets made right or left as they are. */
import { goModuleHash } from '@tarwarden/core';
import { inspectChecked, must, policyOf } from './invariants.ts';
import { archiveOf } from './zip.ts';

export { archiveOf } from './zip.ts';

const EXPECTED = { name: 'example.org/team/subject', version: 'v1.2.3' };

export function fuzz(data: Buffer): void {
  const file = archiveOf(data);
  const verdict = inspectChecked(file, {
    format: 'gomod',
    policy: policyOf((data[0] ?? 0) >> 4),
    // A proxy is asked for a module, a scan is not.
    ...((data[0] ?? 0) & 0x80 ? {} : { expected: EXPECTED }),
  });
  const hash = goModuleHash(file);
  must('content', verdict.status === 'reject' || hash !== undefined, 'accepted, not readable');
}
