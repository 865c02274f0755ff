/* A cache of archives: a small one that is accepted, a large one, and a hostile one. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { tgz } from '../../../../support/pkg.ts';
import { clean, hostile, type AskOptions } from '../support.ts';
import { useCachedGateway, type UsedGateway } from './support.ts';

export const LARGE = '/large/-/large-1.0.0.tgz';
/** Longer than what is kept in memory. */
export const large: Buffer = tgz({ name: 'large', files: { 'a.bin': randomBytes(1200 * 1024) } });

export interface CachedArchives extends UsedGateway {
  /** Asks for an archive, and gets these bytes. */
  readonly expectSent: (path: string, content: Buffer, asked?: AskOptions) => Promise<void>;
}

/** Before each test: a gateway with an empty cache in front of a registry with three packages. */
export function useCachedArchives(): CachedArchives {
  const cached = useCachedGateway((registry) => {
    registry.publish('clean', clean);
    registry.publish('evil', hostile);
    registry.publish('large', large);
  });
  const expectSent: CachedArchives['expectSent'] = async (path, content, asked = {}) => {
    const { status, body } = await cached.testing.ask(path, asked);
    expect({ path, status, isSame: body.equals(content) }).toEqual({
      path,
      status: 200,
      isSame: true,
    });
  };
  return Object.defineProperty(cached as CachedArchives, 'expectSent', { value: expectSent });
}
