// @module-tag pip
/* What real pips do behind a gateway: their row in docs/server/gateway.md. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../support/execute.ts';
import { startIndex, type SimpleIndex } from '../../support/pip/index.ts';
import { sdistOf, wheelOf, type Dist } from '../../support/pip/packages.ts';
import { pips, since, system } from '../../support/pip/pips.ts';
import { INTO, pipWorld, type PipWorld } from '../../support/pip/world.ts';
import { makeSandbox, type Sandbox } from '../../support/sandbox.ts';
import { startGateway, type Gateway } from './support.ts';

/** Past what waits in memory: it is inspected as a file. */
const padding = 1024 * 1024;
const leaf = wheelOf({ name: 'leaf', padding });
const clean = wheelOf({ name: 'clean', requires: ['leaf'] });
const source = sdistOf({ name: 'source', padding });
const evil = wheelOf({ name: 'evil', hostile: true });
const evilSource = sdistOf({ name: 'evilsource', hostile: true });
const carrier = wheelOf({ name: 'carrier', requires: ['evil'] });
const direct = wheelOf({
  name: 'direct',
  requires: ['evil @ http://127.0.0.1:9/evil-1.0-py3-none-any.whl'],
});
const dists = [direct, leaf, clean, source, evil, evilSource, carrier];

const full = process.env['TARWARDEN_E2E_FULL'] === '1';
const tried = full ? pips : [system];

const kinds = [
  { only: undefined, metadata: true },
  { only: 'html', metadata: false },
] as const;

describe.each(tried)('$name', (pip) => {
  describe.each(kinds)('an index of $only', ({ only, metadata }) => {
    /** What does not depend on the page is tried with one. */
    const isAgain = only === 'html' && !full;
    let index: SimpleIndex;
    let guarding: Sandbox;
    let gateway: Gateway;
    let world: PipWorld;
    beforeAll(async () => {
      index = await startIndex({ dists, metadata, ...(only && { only }) });
      guarding = makeSandbox();
      gateway = await startGateway(index.url, guarding, { ecosystem: 'pypi' });
    });
    afterAll(async () => {
      await gateway.end('SIGTERM');
      guarding.dispose();
      index.close();
    });
    beforeEach(() => {
      world = pipWorld(pip);
    });
    afterEach(() => world.dispose());

    const install = async (...args: string[]): Promise<Result> =>
      world.bare('pip', 'install', ...INTO, '--index-url', `${gateway.url}/simple/`, ...args);

    test('installs what is accepted, with its dependencies', async () => {
      const { code, stdout, stderr } = await install('clean');
      expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
      expect(await install('source')).toMatchObject({ code: 0 });
      for (const name of ['clean', 'leaf', 'source'])
        expect(existsSync(join(world.site, name, '__init__.py'))).toBe(true);
      expect(gateway.held()).toEqual([]);
    });

    test.skipIf(isAgain)('takes hashes as they are without a gateway', async () => {
      const sha256 = (dist: Dist) => createHash('sha256').update(dist.bytes).digest('hex');
      const lines = [clean, leaf].map((one) => `${one.project}==1.0 --hash=sha256:${sha256(one)}`);
      world.sandbox.write({ 'requirements.txt': `${lines.join('\n')}\n` });
      expect(await install('--require-hashes', '-r', 'requirements.txt')).toMatchObject({
        code: 0,
      });
    });

    test.skipIf(isAgain)('is set up as is documented', async () => {
      await world.bare('pip', 'config', 'set', 'global.index-url', `${gateway.url}/simple/`);
      expect(await world.bare('pip', 'install', ...INTO, 'leaf')).toMatchObject({ code: 0 });
      expect(await world.bare('pip', 'install', ...INTO, 'evil')).toMatchObject({ code: 1 });
    });

    test.each([
      ['a wheel', evil],
      ['an sdist', evilSource],
      ['a dependency', carrier],
    ])('refuses %s that is hostile, and shows the reason', async (_, dist) => {
      const { code, stdout, stderr } = await install(dist.project);
      expect(code).toBe(1);
      expect(stdout + stderr).toMatch(/403 Client Error: tarwarden: .*evil(?:source)?@1\.0/);
      expect(existsSync(world.site) ? readdirSync(world.site) : []).toEqual([]);
      expect(world.built()).not.toContain(dist.project);
      world.sandbox.assertSentinelUntouched();
    });

    test.skipIf(!metadata || !since(pip, [23, 1]))(
      'fetches no dependency that a wheel names by address',
      async () => {
        const { code, stdout, stderr } = await install('direct');
        expect(code).toBe(1);
        expect(stdout + stderr).toMatch(/tarwarden: direct-1\.0-\S+ requires what is fetched past/);
      },
    );

    test.skipIf(isAgain || !since(pip, [22, 2]))(
      'says in its report which hash it has',
      async () => {
        const { code } = await install('leaf', '--report', 'report.json', '--dry-run');
        expect(code).toBe(0);
        const text = readFileSync(join(world.sandbox.project, 'report.json'), 'utf8');
        const sha256 = createHash('sha256').update(leaf.bytes).digest('hex');
        expect(text).toContain(sha256);
        expect(text).toContain(`${gateway.url}/files/leaf/${leaf.fileName}`);
      },
    );

    test.skipIf(isAgain)('has no part of a wheel before the whole', async () => {
      expect(await install('clean', '--use-feature=fast-deps')).toMatchObject({ code: 0 });
      expect(await install('evil', '--use-feature=fast-deps')).toMatchObject({ code: 1 });
    });
  });
});
