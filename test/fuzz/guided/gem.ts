/** Gems: the gemspec with checksums that fit, or the gem as it is, with the checksums of its headers made right. */
import { gemOf } from '../../support/gem.ts';
import { fixChecksum, segmentsOf } from '../mutate.ts';
import { inspectChecked, policyOf, sameVerdict } from './invariants.ts';

const BLOCK = 512;
const MAX_SEGMENTS = 64;

/** The first byte says which, the second in which pieces the files are read. */
export function archiveOf(data: Buffer): Buffer {
  const rest = Buffer.from(data.subarray(2));
  if ((data[0] ?? 0) % 2 === 0) return gemOf({ metadata: rest });
  const segments = segmentsOf(rest).slice(0, MAX_SEGMENTS);
  for (const { bytes, isHeader } of segments)
    if (isHeader && bytes.length >= BLOCK) fixChecksum(bytes);
  return Buffer.concat(segments.map(({ bytes }) => bytes));
}

export function fuzz(data: Buffer): void {
  const gem = archiveOf(data);
  const how = { format: 'gem', policy: policyOf((data[0] ?? 0) >> 1) } as const;
  const verdict = inspectChecked(gem, how);
  sameVerdict(gem, verdict, { ...how, pieceBytes: 1 + (data[1] ?? 0) });
}
