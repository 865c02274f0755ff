/** A body without an end is read by the hook to the limit, and no further. npm, Yarn and bare pnpm read on. */
import { describe, expect, test } from 'vitest';
import { available, pnpms } from '../../support/managers.ts';
import { install } from './world.ts';

const full = process.env['TARWARDEN_E2E_FULL'] === '1';

describe.skipIf(!full)('an endless body', () => {
  test.each(pnpms.filter((name) => available(name).ok))(
    'ends the install by %s',
    async (manager) => {
      const scene = { manager, faults: ['endless'], times: Infinity } as const;
      const { result, installed, asked } = await install(scene, true);
      expect(result.timedOut).toBe(false);
      expect(result.code).toBe(1);
      expect(result.stdout + result.stderr).toMatch(/more than \d+ bytes/);
      expect(installed).toEqual([]);
      expect(asked).toBe(1);
    },
  );
});
