/* What the real go does behind a gateway: its row in docs/server/gateway.md. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  cachedAt,
  MODULE,
  SUBJECT,
  unguarded,
  unpackedAt,
  VERSION,
  useGoBench,
} from '../../support/go/bench.ts';
import { goEntry, goSum, moduleFiles, moduleZip } from '../../support/go/module-zip.ts';
import { startGoProxy, type GoProxy } from '../../support/go/proxy.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startGateway, type Gateway } from './support.ts';

/** A link by its attributes, which go installs as a file. */
const hostile = moduleZip({
  module: MODULE,
  entries: [goEntry(`${MODULE}/link`, '../../outside', { madeBy: 3, mode: 0o120777 })],
});

describe('go', { tags: ['go'] }, () => {
  const bench = useGoBench();
  let guarding: Sandbox;
  let gateway: Gateway;
  beforeEach(async () => {
    guarding = makeSandbox();
    gateway = await startGateway(bench.proxy.url, guarding, { ecosystem: 'go' });
  });
  afterEach(async () => {
    await gateway.end('SIGTERM');
    guarding.dispose();
  });

  const run = async (args: readonly string[], more: NodeJS.ProcessEnv = {}) =>
    unguarded(bench, args, { env: { GOPROXY: gateway.url, ...more } });

  test('builds what is accepted, with the sums that it has without a gateway', async () => {
    // Past what waits in memory: it is inspected as a file.
    const padding = randomBytes(512 * 1024).toString('hex');
    const zip = moduleZip({ module: MODULE, files: { ...moduleFiles(SUBJECT), padding } });
    bench.proxy.publish({ module: MODULE, zip });
    // As is documented.
    const env = { GOPROXY: undefined };
    await unguarded(bench, ['env', '-w', `GOPROXY=${gateway.url}`], { env });
    const { code, stderr } = await unguarded(bench, ['run', '.'], { env });
    expect({ code, said: stderr.trim().split('\n').at(-1) }).toEqual({ code: 0, said: 'clean' });
    expect(readFileSync(join(bench.sandbox.project, 'go.sum'), 'utf8')).toBe(goSum(MODULE, zip));
    const listed = await run(['list', '-m', '-versions', SUBJECT]);
    expect(listed.stdout.trim()).toBe(`${SUBJECT} ${VERSION}`);
    expect((await run(['mod', 'verify'])).code).toBe(0);
    expect(gateway.held()).toEqual([]);
  });

  test.each([
    ['mod download', ['mod', 'download']],
    ['build', ['build', '.']],
    ['get', ['get', MODULE]],
  ])('%s ends with 1 where a module is hostile, and shows why', async (_, args) => {
    bench.proxy.publish({ module: MODULE, zip: hostile });
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain('403');
    expect(stdout + stderr).toMatch(/tarwarden: .*example\.org\/team\/subject@v1\.2\.3/);
    expect(existsSync(unpackedAt(bench))).toBe(false);
    expect(existsSync(cachedAt(bench, 'zip'))).toBe(false);
    bench.sandbox.assertSentinelUntouched();
  });

  describe('with another proxy behind it in GOPROXY', () => {
    let other: GoProxy;
    beforeEach(async () => {
      other = await startGoProxy();
      other.publish({ module: MODULE, zip: hostile });
      bench.proxy.publish({ module: MODULE, zip: hostile });
    });
    afterEach(async () => other.close());

    test('asks that after a comma for nothing that is refused', async () => {
      const { code } = await run(['mod', 'download'], { GOPROXY: `${gateway.url},${other.url}` });
      expect(code).toBe(1);
      expect(other.asked).toEqual([]);
    });

    test('asks that behind a bar, which docs/server/gateway.md warns of', async () => {
      const { code } = await run(['mod', 'download'], { GOPROXY: `${gateway.url}|${other.url}` });
      expect(code).toBe(0);
      expect(other.asked.some((path) => path.endsWith('.zip'))).toBe(true);
    });
  });

  test('asks the checksum database by way of the gateway, if the proxy passes it on', async () => {
    bench.proxy.publish({ module: MODULE });
    bench.proxy.files.set('/sumdb/sum.golang.org/supported', '');
    const { code, stderr } = await run(['mod', 'download'], { GOSUMDB: 'sum.golang.org' });
    // The one of this test knows nothing.
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('sumdb') as string,
    });
    const asked = bench.proxy.asked.filter((path) => path.startsWith('/sumdb/'));
    expect(asked).toContain('/sumdb/sum.golang.org/supported');
    expect(asked).toContain(`/sumdb/sum.golang.org/lookup/${MODULE}`);
  });
});
