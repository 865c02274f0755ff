/** Settings of a repository that would put packages past the guard. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { available, pnpmsByHook } from '../../support/managers.ts';
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

interface Setting {
  readonly id: string;
  /** Files of the repository. */
  readonly files: Readonly<Record<string, string | object>>;
  /** Where one pnpm alone reads it. */
  readonly only?: string;
}

const yaml = (text: string): Setting['files'] => ({ 'pnpm-workspace.yaml': `${text}\n` });

const settings: readonly Setting[] = [
  {
    id: 'packages from elsewhere than npm',
    files: yaml('python:\n  enabled: true'),
    only: 'pnpm-12',
  },
];

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  beforeEach(() => {
    publish(bench, cleanTarball());
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
  });

  const installed = (): boolean =>
    existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT, 'package.json'));
  const here = settings.filter(({ only }) => (only ?? name) === name);
  test.each(here)('refuses $id', async ({ files }) => {
    bench.sandbox.write(files);
    const result = await pnpm(bench, FRESH);
    expect(result.code).not.toBe(0);
    expect(printed(result)).toContain('tarwarden: ');
    expect(installed()).toBe(false);
    expect(bench.registry.downloads()).toEqual([]);
  });
});
