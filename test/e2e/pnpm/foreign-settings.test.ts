/** Settings of a repository that would put packages past the guard. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { available } from '../../support/managers.ts';
import {
  cleanTarball,
  declare,
  FRESH,
  pnpm,
  printed,
  publish,
  SUBJECT,
  useBench,
} from './guarded.ts';

describe.runIf(available('pnpm-12').ok)('pnpm-12', () => {
  const bench = useBench('pnpm-12');

  test('installs nothing where packages come from elsewhere than npm', async () => {
    publish(bench, cleanTarball());
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
    bench.sandbox.write({ 'pnpm-workspace.yaml': 'python:\n  enabled: true\n' });
    const result = await pnpm(bench, FRESH);
    expect(result.code).not.toBe(0);
    expect(printed(result)).toContain('tarwarden: ');
    expect(existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT))).toBe(false);
    expect(bench.registry.downloads()).toEqual([]);
  });
});
