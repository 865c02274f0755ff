import { printable } from '@tarwarden/core/text';
import { UsageError } from '@tarwarden/guard/command-line';
import type { ServerConfiguration } from '../../configuration/configuration.ts';
import { CacheAddressError } from '../../gateway/cache/cache-store.ts';
import { openCache, type GatewayCache } from '../../gateway/cache/open-cache.ts';

/**
 * The cache of the configuration.
 * @param onError Called when the cache fails.
 * @throws UsageError
 */
export function cacheIn(
  { cache }: ServerConfiguration,
  onError: (error: unknown) => void,
): GatewayCache | undefined {
  if (cache === undefined) return undefined;
  const { storage, bytes, staleIfError } = cache;
  try {
    return openCache({ storage, bytes, staleIfError, env: process.env, onError });
  } catch (error) {
    if (error instanceof CacheAddressError)
      throw new UsageError(printable(error.message), 'gateway');
    throw error;
  }
}
