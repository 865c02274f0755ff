/** Archives of Yarn's cache, with checksums, sizes and offsets made right or left as they are. */
import { yarnZipContent } from '@tarwarden/core';
import { inspectChecked, must, policyOf } from './invariants.ts';
import { repairZip } from './zip-input.ts';

export function archiveOf(data: Buffer): Buffer {
  const kept = data[0] ?? 0;
  return repairZip(data.subarray(1), {
    local: (kept & 1) === 0,
    central: (kept & 2) === 0,
    end: (kept & 4) === 0,
    names: (kept & 8) === 0,
  });
}

export function fuzz(data: Buffer): void {
  const file = archiveOf(data);
  const verdict = inspectChecked(file, {
    format: 'yarn-zip',
    policy: policyOf((data[0] ?? 0) >> 4),
  });
  const content = yarnZipContent(file);
  must('content', verdict.status === 'reject' || content !== undefined, 'accepted, not readable');
}
