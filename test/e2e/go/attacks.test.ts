/** Each archive of the attack set, served by a proxy: refused, with its name and rule, and nothing of it unpacked. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goAttacks, goCleanArchives, GO_MODULE } from '../../support/attacks/go-zip.ts';
import {
  cachedAt,
  closeGoBench,
  guarded,
  makeGoBench,
  unguarded,
  unpackedAt,
  type Bench,
} from '../../support/go/bench.ts';
import { goSum } from '../../support/go/module-zip.ts';

describe('go', { tags: ['go'] }, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await makeGoBench();
  });
  afterAll(() => closeGoBench(bench));

  test.each(goAttacks)('refuses $name', async ({ bytes, rules }) => {
    bench.proxy.publish({ module: GO_MODULE, zip: bytes });
    const { code, stderr } = await guarded(bench, ['mod', 'download', GO_MODULE]);
    expect(code).toBe(1);
    expect(stderr).toContain(`tarwarden: refused ${GO_MODULE}: this archive is not safe to unpack`);
    for (const rule of rules) expect(stderr).toContain(`error    ${rule}`);
    expect(existsSync(unpackedAt(bench))).toBe(false);
    expect(existsSync(cachedAt(bench, 'zip'))).toBe(false);
    bench.sandbox.assertSentinelUntouched();
  });
});

describe('go, with a clean module,', { tags: ['go'] }, () => {
  test.each(goCleanArchives)('builds and checks go.sum: $name', async ({ bytes }) => {
    const bench = await makeGoBench();
    try {
      bench.proxy.publish({ module: GO_MODULE, zip: bytes });
      bench.sandbox.write({ 'go.sum': goSum(GO_MODULE, bytes) });
      const built = await guarded(bench, ['run', '.'], { env: { GOFLAGS: '' } });
      expect(built.stderr).toBe('go: downloading example.org/team/subject v1.2.3\nclean\n');
      expect(built.code).toBe(0);
      // go counts a folder's own entry as changed by itself.
      const { stdout, code } = await unguarded(bench, ['mod', 'verify']);
      expect(await guarded(bench, ['mod', 'verify'])).toMatchObject({ stdout, code });
    } finally {
      await closeGoBench(bench);
    }
  });
});
