/** Managers as they come: every one installs the canary, and verify says so. */
import { describe, it } from 'vitest';
import type { ManagerName } from '../../support/managers.ts';
import { expectVerified, has, makeCaller } from './world.ts';

const TRIED: readonly (readonly [ManagerName, readonly string[]])[] = [
  ['npm-10', ['npm', 'npx']],
  ['npm-11', ['npm', 'npx']],
  ['npm-12', ['npm', 'npx']],
  ['pnpm-10', ['pnpm']],
  ['pnpm-11', ['pnpm']],
  ['pnpm-12', ['pnpm']],
  ['yarn-1', ['yarn']],
  ['yarn-3', ['yarn']],
  ['yarn-4', ['yarn']],
];

describe('a manager without any guard', () => {
  for (const [name, managers] of TRIED) {
    it.skipIf(!has(name))(`${name} is found to be unguarded`, async () => {
      const caller = makeCaller(name);
      await expectVerified(caller, managers, { code: 1, status: 'unguarded', reason: 'installed' });
    });
  }
});
