/* Whether bytes that nothing vouches for arrived as they were sent. */
import { isGzip, gunzip } from '@tarwarden/core/containers';
import type { RuleId } from '@tarwarden/core';
import { DEFAULT_LIMITS } from '@tarwarden/core/limits';

/** What a connection does to a file, and what hardly anybody does on purpose. */
const DAMAGES: ReadonlySet<RuleId> = new Set([
  'gzip-truncated',
  'gzip-corrupt',
  'gzip-checksum',
  'gzip-length',
]);

const TAR_MAGIC_AT = 257;
const TAR_MAGIC = Buffer.from('ustar');

/**
 * Whether a download is an archive that was not cut or changed on its way. That it may be installed is for the verdict
 * to say: this only tells whether to ask for it once more.
 */
export function isWhole(bytes: Buffer): boolean {
  if (!isGzip(bytes))
    return bytes.subarray(TAR_MAGIC_AT, TAR_MAGIC_AT + TAR_MAGIC.length).equals(TAR_MAGIC);
  let whole = true;
  const anomaly = ({ code }: { code: RuleId }): void => void (whole &&= !DAMAGES.has(code));
  gunzip(bytes, { piece: () => true, anomaly }, DEFAULT_LIMITS);
  return whole;
}
