/** Registries and lockfiles that say something else than the tarball holds. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { available, pnpmsByHook } from '../../support/managers.ts';
import { payload, unpackedBelow } from '../../support/payload.ts';
import { tgz } from '../../support/pkg.ts';
import { sri, type Publication } from '../../support/registry.ts';
import {
  closeBench,
  declare,
  forget,
  FRESH,
  FROZEN,
  makeBench,
  pnpm,
  SUBJECT,
  type Bench,
} from './guarded.ts';

let bench: Bench;
afterEach(async () => {
  await closeBench(bench);
});

const lies: Record<string, (bytes: Buffer) => Partial<Publication>> = {
  'no integrity': () => ({ integrity: null }),
  'a second, weaker integrity that is wrong': (bytes) => ({
    integrity: `sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA= ${sri(bytes)}`,
  }),
  'a tarball on another host': (bytes) => ({
    tarball: bench.registry.file('other.tgz', bytes).replace('127.0.0.1', 'localhost'),
  }),
  'another platform': () => ({ manifest: { libc: ['none'] } }),
};

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (name) => {
  async function expectNothing(publication: Partial<Publication>): Promise<void> {
    bench.registry.publish({ name: SUBJECT, ...publication });
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
    const result = await pnpm(bench, FRESH);
    expect(result.code).not.toBe(0);
    expect(unpackedBelow(bench.sandbox.root)).toEqual([]);
  }

  test.each(Object.entries(lies))('installs nothing where the packument has %s', async (_, lie) => {
    bench = await makeBench(name);
    const bytes = payload(SUBJECT);
    await expectNothing({ tgz: bytes, ...lie(bytes) });
  });

  test('installs nothing that has another name', async () => {
    bench = await makeBench(name);
    await expectNothing({ tgz: tgz({ name: 'tarwarden-other' }) });
  });

  test('puts nothing where a name in the lockfile leads out', async () => {
    bench = await makeBench(name);
    bench.registry.publish({ name: SUBJECT, manifest: { dependencies: { inner: '1.0.0' } } });
    bench.registry.publish({ name: 'inner' });
    declare(bench, { dependencies: { [SUBJECT]: '1.0.0' } });
    expect(await pnpm(bench, FRESH)).toMatchObject({ code: 0 });
    forget(bench, 'modules');
    const file = join(bench.sandbox.project, 'pnpm-lock.yaml');
    const lockfile = readFileSync(file, 'utf8');
    const changed = lockfile.replace(
      '      inner: 1.0.0',
      "      '../../../../../sentinel/evil': inner@1.0.0",
    );
    expect(changed).not.toBe(lockfile);
    writeFileSync(file, changed);
    expect((await pnpm(bench, FROZEN)).code).not.toBe(0);
    bench.sandbox.assertSentinelUntouched();
  });
});
