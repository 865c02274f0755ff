/* Checks whether bytes without a known integrity arrived undamaged. */
import { isGzip, gunzip } from '@tarwarden/core/containers';
import type { Code } from '@tarwarden/core';
import { DEFAULT_LIMITS } from '@tarwarden/core/limits';

/** Damage that a connection causes, and that publishers hardly ever cause on purpose. */
const DAMAGES: ReadonlySet<Code> = new Set([
  'gzip-truncated',
  'gzip-corrupt',
  'gzip-checksum',
  'gzip-length',
]);

const TAR_MAGIC_AT = 257;
const TAR_MAGIC = Buffer.from('ustar');

/** Whether a download arrived undamaged. This only decides whether to try again; the verdict decides about the install. */
export function isWhole(bytes: Buffer): boolean {
  if (!isGzip(bytes))
    return bytes.subarray(TAR_MAGIC_AT, TAR_MAGIC_AT + TAR_MAGIC.length).equals(TAR_MAGIC);
  let isIntact = true;
  const anomaly = ({ code }: { code: Code }): void => void (isIntact &&= !DAMAGES.has(code));
  gunzip(bytes, { piece: () => true, anomaly }, DEFAULT_LIMITS);
  return isIntact;
}
