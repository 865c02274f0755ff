/** Each manager of the quick tests: as it comes it installs the canary, or loads no guard; behind a shim it refuses it. verify says so. */
import { describe, it } from 'vitest';
import type { ManagerName } from '../../support/managers.ts';
import { expectVerified, makeCaller } from './world.ts';

const TRIED: readonly (readonly [ManagerName, readonly string[]])[] = [
  ['npm-10', ['npm', 'npx']],
  ['npm-11', ['npm', 'npx']],
  ['pnpm-10', ['pnpm']],
  ['yarn-1', ['yarn']],
  ['yarn-3', ['yarn']],
  ['yarn-4', ['yarn']],
];

describe.each(TRIED)('%s', (name, managers) => {
  it('is found to be unguarded without any guard', async () => {
    const reason = name.startsWith('npm-') ? 'installed' : 'not-loaded';
    const expected = { code: 1, status: 'unguarded', reason };
    await expectVerified(makeCaller(name), managers, expected);
  });

  it('is guarded by shims', async () => {
    const caller = makeCaller(name);
    await caller.shims();
    await expectVerified(caller, managers, { code: 0, status: 'guarded', reason: 'refused' });
  });
});
