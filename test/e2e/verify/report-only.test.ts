/** Report mode is no guard: verify says so, of every manager, and leaves no trace in the user's report. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ManagerName } from '../../support/managers.ts';
import { expectVerified, has, makeCaller } from './world.ts';

const TRIED: readonly (readonly [ManagerName, readonly string[]])[] = [
  ['npm-12', ['npm', 'npx']],
  ['pnpm-12', ['pnpm']],
  ['yarn-4', ['yarn']],
];

describe('verify in report mode', () => {
  for (const [name, managers] of TRIED) {
    it.skipIf(!has(name))(`calls ${name} unguarded, and exits with 1`, async () => {
      const caller = makeCaller(name);
      await caller.shims();
      const { sandbox, env } = caller;
      sandbox.write({ 'tarwarden/policy.json': { mode: 'report' } }, env['XDG_CONFIG_HOME']);
      const report = join(sandbox.root, 'report.ndjson');
      env['TARWARDEN_REPORT'] = report;
      await expectVerified(caller, managers, {
        code: 1,
        status: 'unguarded',
        reason: 'report-only',
      });
      expect(existsSync(report)).toBe(false);
    });
  }
});
