/** Registries and lockfiles that say something else than the tarball holds. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { available, npmsByGuard } from '../../support/managers.ts';
import { payload, unpackedBelow } from '../../support/payload.ts';
import { sri, type Publication } from '../../support/registry.ts';
import { closeBench, guarded, makeBench, scriptsRun, SUBJECT, type Bench } from './guarded.ts';

let bench: Bench;
afterEach(async () => {
  await closeBench(bench);
});

const ROOT = { name: 'project', version: '1.0.0' };

/** What a packument says of a hostile tarball. */
const packuments: Record<string, (bytes: Buffer) => Partial<Publication>> = {
  'no integrity': () => ({ integrity: null }),
  'a second, weaker integrity that is wrong': (bytes) => ({
    integrity: `sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA= ${sri(bytes)}`,
  }),
  'a tarball on another host': (bytes) => ({
    tarball: bench.registry.file('other.tgz', bytes).replace('127.0.0.1', 'localhost'),
  }),
  'a tarball by file:': (bytes) => {
    const file = join(bench.sandbox.root, 'subject.tgz');
    writeFileSync(file, bytes);
    return { tarball: `file://${file}` };
  },
  'no scripts, no bin': () => ({ manifest: {} }),
};

/** Fields of a lockfile's entry for a hostile tarball. */
const entries: Record<string, (bytes: Buffer) => object> = {
  'optional, though nothing says so': () => ({ optional: true }),
  'a development dependency, and a peer': () => ({ dev: true, peer: true }),
  'no source': () => ({ resolved: undefined, integrity: undefined }),
  'another name': (bytes) => ({ name: SUBJECT, integrity: sri(bytes) }),
  'a source of its own': (bytes) => ({
    resolved: bench.registry.file('other.tgz', bytes),
    integrity: sri(bytes),
  }),
  'no install script': () => ({ hasInstallScript: false }),
};

describe.each(npmsByGuard.filter((npm) => available(npm).ok))('%s', (npm) => {
  async function expectRefused(args: readonly string[]): Promise<void> {
    const result = await guarded(bench, args);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('tarwarden: refused 1 package');
    rmSync(join(bench.sandbox.root, 'subject.tgz'), { force: true });
    expect(unpackedBelow(bench.sandbox.root)).toEqual([]);
    expect(scriptsRun(bench)).not.toContain('subject');
    bench.sandbox.assertSentinelUntouched();
  }

  test.each(Object.entries(packuments))('refuses where the packument has %s', async (_, lie) => {
    bench = await makeBench(npm);
    const bytes = payload(SUBJECT, bench.manifest);
    bench.registry.publish({ name: SUBJECT, tgz: bytes, manifest: bench.manifest, ...lie(bytes) });
    const dependencies = { [SUBJECT]: '1.0.0' };
    bench.sandbox.write({ 'package.json': { ...ROOT, dependencies } });
    await expectRefused(['install', ...(npm === 'npm-12' ? ['--allow-remote=all'] : [])]);
  });

  test.each(Object.entries(entries))('refuses where the lockfile says: %s', async (_, lie) => {
    bench = await makeBench(npm);
    const bytes = payload(SUBJECT, bench.manifest);
    bench.registry.publish({ name: SUBJECT, tgz: bytes, manifest: bench.manifest });
    const fields = lie(bytes);
    const name = 'name' in fields ? 'tarwarden-alias' : SUBJECT;
    const dependencies = { [name]: name === SUBJECT ? '1.0.0' : `npm:${SUBJECT}@1.0.0` };
    bench.sandbox.write({
      'package.json': { ...ROOT, dependencies },
      'package-lock.json': {
        ...ROOT,
        lockfileVersion: 3,
        packages: {
          '': { ...ROOT, dependencies },
          [`node_modules/${name}`]: { version: '1.0.0', ...fields },
        },
      },
    });
    await expectRefused(['ci', ...(npm === 'npm-12' ? ['--allow-remote=all'] : [])]);
  });
});
