/* A cache of documents, and a clock that tests set forward. */
import { afterEach, vi } from 'vitest';
import { clean, hostile, jsonOf } from '../support.ts';
import { useCachedGateway, type CachedGateway, type UsedGateway } from './support.ts';

export const CLEAN = '/clean/-/clean-1.0.0.tgz';
export const ABBREVIATED = { headers: { accept: 'application/vnd.npm.install-v1+json' } };
export const MINUTE = 60_000;

export interface CachedDocuments extends UsedGateway {
  /** The versions in the document that the gateway answers. */
  readonly versionsOf: (...args: Parameters<CachedGateway['ask']>) => Promise<string[]>;
}

export const later = (milliseconds: number): void => void vi.advanceTimersByTime(milliseconds);

/** Before each test: a gateway with an empty cache in front of a registry with three packages. The clock stands still. */
export function useCachedDocuments(): CachedDocuments {
  const cached = useCachedGateway((registry) => {
    registry.publish('clean', clean);
    registry.publish('evil', hostile);
    registry.publish('@acme/secret', clean);
    vi.useFakeTimers({ now: Date.now(), toFake: ['Date', 'performance'] });
  });
  afterEach(() => void vi.useRealTimers());
  const versionsOf: CachedDocuments['versionsOf'] = async (...args) =>
    Object.keys(jsonOf(await cached.testing.ask(...args))['versions'] as object);
  return Object.defineProperty(cached as CachedDocuments, 'versionsOf', { value: versionsOf });
}
