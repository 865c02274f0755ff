import { printable } from '@tarwarden/core/text';
import { UsageError, type Values } from '@tarwarden/host/command-line';
import { CacheAddressError } from '../../gateway/cache/cache-store.ts';
import { openCache, type GatewayCache } from '../../gateway/cache/open-cache.ts';
import { bytesIn, millisecondsIn } from '../quantities.ts';
import type { GATEWAY_OPTIONS } from './definition.ts';

/** The smallest cache that is of use. */
const BYTES_MIN = 1024 * 1024;

/**
 * The cache that the options name.
 * @param onError Called when the cache fails.
 * @throws UsageError
 */
export function cacheIn(
  values: Values<typeof GATEWAY_OPTIONS>,
  onError: (error: unknown) => void,
): GatewayCache | undefined {
  const { cache: storage, 'cache-bytes': size, 'stale-if-error': time } = values;
  if (storage === undefined) {
    if (size !== undefined || time !== undefined)
      throw new UsageError('--cache-bytes and --stale-if-error need --cache', 'gateway');
    return undefined;
  }
  const bytes = size === undefined ? undefined : bytesIn(size);
  if (size !== undefined && (bytes === undefined || bytes < BYTES_MIN))
    throw new UsageError('--cache-bytes must be a size of at least 1MiB: 50GiB', 'gateway');
  const staleIfError = time === undefined ? undefined : millisecondsIn(time);
  if (time !== undefined && staleIfError === undefined)
    throw new UsageError('--stale-if-error must be a time: 90m, 24h, 7d', 'gateway');
  try {
    return openCache({ storage, bytes, staleIfError, env: process.env, onError });
  } catch (error) {
    if (error instanceof CacheAddressError)
      throw new UsageError(printable(error.message), 'gateway');
    throw error;
  }
}
