/**
 * A body without an end is read to the limit, and no further; what announces more than that, not at all; what few bytes
 * stand for, as little. One download, nothing kept of it, optional or not.
 */
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../support/faults.ts';
import { available, guardable, type ManagerName } from '../../support/managers.ts';
import { install, type Way } from './world.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';
const MIB = 1024 * 1024;
const BYTES_MAX = 4 * MIB;

/** Where the guard sees what the client downloads. pnpm's hook downloads itself: below. */
const watched = guardable.filter((name) => !name.startsWith('pnpm') && available(name).ok);

const rows: readonly (readonly [Fault, Way])[] = [
  ['endless', 'version'],
  // Nothing vouches for these bytes, so that npm hashes them only as it writes them to its cache.
  ['endless', 'address'],
  ['endless', 'optional'],
  ['length-huge', 'version'],
  ['length-huge', 'optional'],
  ['encoded-bomb', 'version'],
  ['encoded-bomb', 'address'],
];
/** Yarn decodes zlib's formats and gzip's by their first bytes, whichever of them the header names. */
const misnamed: typeof rows = [
  ['bomb-as-gzip', 'version'],
  ['bomb-as-gzip', 'address'],
  ['bomb-as-deflate', 'version'],
  ['bomb-as-deflate', 'address'],
];
const slice: readonly ManagerName[] = ['npm-11', 'yarn-3', 'yarn-4'];

describe.each(watched.filter((name) => full || slice.includes(name)))('%s', (manager) => {
  test.each(manager.startsWith('yarn') ? [...rows, ...misnamed] : rows)(
    '%s, by %s',
    async (fault, way) => {
      const scene = { manager, way, faults: [fault], times: Infinity, bytesMax: BYTES_MAX };
      const { result, installed, asked, large } = await install(scene, true);
      const printed = result.stdout + result.stderr;
      expect({ ...result, printed }).toMatchObject({ code: 1, timedOut: false });
      expect(printed).toMatch(
        fault === 'length-huge'
          ? /\d+ bytes are announced, and no more than 4194304 are read/
          : /more than 4194304 bytes came, and no more are read/,
      );
      expect(printed).toContain(`tarwarden-${fault}`);
      expect(printed).toMatch(/to do: +find out where it comes from/);
      expect({ installed, asked, large }).toEqual({ installed: [], asked: 1, large: [] });
    },
  );
});

describe.skipIf(!full)('without a limit of the project', () => {
  const managers: readonly ManagerName[] = [...guardable, 'bun'];
  test.each(managers.filter((name) => available(name).ok))('%s', async (manager) => {
    const scene = { manager, faults: ['endless'], times: Infinity } as const;
    const { result, installed, asked, large } = await install(scene, true);
    expect(result).toMatchObject({ code: 1, timedOut: false });
    expect(result.stdout + result.stderr).toMatch(/more than \d+ bytes/);
    expect({ installed, asked, large }).toEqual({ installed: [], asked: 1, large: [] });
  });
});
