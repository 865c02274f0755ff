/** A lockfile with one address and two integrities: each entry is inspected against its own, and pnpm gets no other bytes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { coreAttacks } from '../../support/attacks.ts';
import { available, pnpmsByHook } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import { declare, forget, FRESH, FROZEN, pnpm, SUBJECT, unguarded, useBench } from './guarded.ts';

const FIRST = 'tarwarden-first';
const first = tgz({ name: FIRST });
const hostile = coreAttacks.find(({ id }) => id === 'symlink')!.build({ name: SUBJECT });
const clean = tgz({ name: SUBJECT });

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  const bench = useBench(name);
  let url: string;
  beforeEach(() => {
    bench.sandbox.npmrc('fetch-retries=0');
    bench.sandbox.pnpmConfig('fetchRetries: 0');
  });

  const installed = (): boolean =>
    existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT, 'package.json'));

  /** The store gets the subject with `bytes`; then the address has those of the other package. */
  async function prepare(bytes: Buffer, isWarm: boolean): Promise<void> {
    url = bench.registry.file('both.tgz', bytes);
    declare(bench, { dependencies: { [SUBJECT]: url } });
    await unguarded(bench, FRESH);
    forget(bench, 'modules', ...(isWarm ? [] : (['store'] as const)));
    bench.registry.file('both.tgz', first);
    declare(bench, { dependencies: { [FIRST]: url, [SUBJECT]: url } });
    const lockfile = readFileSync(join(bench.sandbox.project, 'pnpm-lock.yaml'), 'utf8');
    const added = lockfile
      .replace(
        `      ${SUBJECT}:\n`,
        `      ${FIRST}:\n        specifier: ${url}\n        version: ${url}\n$&`,
      )
      .replace(
        `\n  ${SUBJECT}@${url}:\n    resolution`,
        `\n  ${FIRST}@${url}:\n    resolution: {integrity: ${sri(first)}, tarball: ${url}}\n    version: 1.0.0\n$&`,
      )
      .replace(`\n  ${SUBJECT}@${url}: {}`, `\n  ${FIRST}@${url}: {}\n$&`);
    expect(added.split(FIRST)).toHaveLength(4);
    expect(added).toContain(sri(bytes));
    bench.sandbox.write({ 'pnpm-lock.yaml': added });
  }

  test.each([
    ['hostile', 'warm', hostile, true],
    ['hostile', 'cold', hostile, false],
    ['clean', 'warm', clean, true],
    ['clean', 'cold', clean, false],
  ] as const)(
    'installs nothing whose bytes cannot be had with their integrity: %s, %s store',
    async (_, _store, bytes, isWarm) => {
      await prepare(bytes, isWarm);
      const result = await pnpm(bench, FROZEN);
      expect(result).toMatchObject({ code: 1, timedOut: false });
      expect(result.stderr).toContain('tarwarden: ');
      expect(installed()).toBe(false);
    },
  );
});
