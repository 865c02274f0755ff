/** go.sum: modules from go's cache and from the proxies of GOPROXY. */
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execute } from '../../../support/execute.ts';
import { goEntry, goSum, moduleZip } from '../../../support/go/module-zip.ts';
import { startGoProxy, type GoProxy } from '../../../support/go/proxy.ts';
import { findProgram } from '../../../support/programs.ts';
import { makeSandbox, type Sandbox } from '../../../support/sandbox.ts';
import { UNIX } from '../../../support/zip.ts';
import { audit, audited, origins } from '../audited.ts';

const COUNT = 300;
const names = Array.from({ length: COUNT }, (_, n) => `example.test/Mod${n}@v1.0.${n}`);
const EVIL = 'example.test/evil@v1.0.0';
const link = goEntry(`${EVIL}/link`, '../../../sentinel', {
  madeBy: 3,
  mode: UNIX.symlink | 0o777,
});
const evil = moduleZip({ module: EVIL, entries: [link] });
const A = 'example.test/a@v1.0.0';

let proxy: GoProxy;
let sandbox: Sandbox;
beforeEach(async () => {
  proxy = await startGoProxy();
  sandbox = makeSandbox({ project: {} });
  userSets(`GOPROXY=${proxy.url},direct`);
});
afterEach(async () => {
  sandbox.dispose();
  await proxy.close();
});

/** The user's own file of go. */
function userSets(...lines: string[]): void {
  sandbox.write({ 'go/env': `${lines.join('\n')}\n` }, join(sandbox.root, 'xdg/config'));
}

const zips = (): string[] => proxy.asked.filter((path) => path.endsWith('.zip'));
const cached = (place: string): string => join(sandbox.home, 'go/pkg/mod/cache/download', place);

function cache(place: string, bytes: Uint8Array): void {
  mkdirSync(dirname(cached(place)), { recursive: true });
  writeFileSync(cached(place), bytes);
}

describe('a go.sum of 300 modules and a hostile one', () => {
  const lock = (): void =>
    sandbox.write({ 'go.sum': [...names.map((name) => goSum(name)), goSum(EVIL, evil)].join('') });

  it('has the hostile one rejected, each zip asked for once, cold, and inspected once, warm', async () => {
    proxy.publish(...names.map((module) => ({ module })), { module: EVIL, zip: evil });
    lock();
    const cold = await audited(sandbox);
    expect(cold.with('reject')).toEqual([EVIL]);
    expect(cold.with('accept')).toHaveLength(COUNT);
    expect(cold.code).toBe(1);
    expect(zips()).toHaveLength(COUNT + 1);
    expect(new Set(zips()).size).toBe(COUNT + 1);
    expect(cold.packages.at(-1)?.places).toEqual([{ lockfile: 'go.sum', line: 2 * COUNT + 1 }]);

    const warm = await audited(sandbox);
    expect(warm.with('reject')).toEqual([EVIL]);
    expect(warm.packages).toEqual(cold.packages);
  });

  it('is inspected from the cache that the real go has filled', { tags: ['go'] }, async () => {
    proxy.publish(...names.map((module) => ({ module })), { module: EVIL, zip: evil });
    lock();
    const env = {
      ...sandbox.env,
      PATH: process.env['PATH'],
      GOPROXY: proxy.url,
      GOFLAGS: '-modcacherw',
      GONOSUMDB: '*',
      GOTOOLCHAIN: 'local',
    };
    const args = ['mod', 'download', ...names, EVIL];
    const go = await execute(findProgram('go')!, args, { cwd: sandbox.home, env });
    expect(go.stderr).toBe('');
    proxy.asked.length = 0;
    const { packages, code, with: those } = await audited(sandbox, '--offline');
    expect(those('reject')).toEqual([EVIL]);
    expect(origins(packages)).toEqual({ 'go-cache': COUNT + 1 });
    expect(code).toBe(1);
    expect(proxy.asked).toEqual([]);
  });
});

describe('a SARIF log', () => {
  it('has what is rejected at its line of go.sum', async () => {
    proxy.publish({ module: A }, { module: EVIL, zip: evil });
    sandbox.write({ 'go.sum': goSum(A) + goSum(EVIL, evil) });
    const { stdout } = await audit(sandbox, '--reporter', 'sarif');
    const { runs } = JSON.parse(stdout) as {
      runs: { results: { locations: { physicalLocation: unknown }[] }[] }[];
    };
    expect(runs[0]?.results.map(({ locations }) => locations[0]?.physicalLocation)).toEqual([
      expect.objectContaining({ region: expect.objectContaining({ startLine: 3 }) as unknown }),
    ]);
  });
});

describe('a zip that is not what go.sum pins', () => {
  const other = moduleZip({ module: A, files: { 'a.go': 'package a // changed\n' } });
  beforeEach(() => sandbox.write({ 'go.sum': goSum(A) }));

  it('is rejected where a proxy has it', async () => {
    proxy.publish({ module: A, zip: other });
    const { code, packages } = await audited(sandbox);
    expect(code).toBe(1);
    expect(packages[0]).toMatchObject({
      status: 'reject',
      checks: [{ id: 'integrity-mismatch', level: 'error' }],
      error: { code: 'NO_BYTES' },
    });
  });

  it('is rejected where the cache has it, which go would unpack', async () => {
    proxy.publish({ module: A });
    cache('example.test/a/@v/v1.0.0.zip', other);
    const { code, packages } = await audited(sandbox);
    expect(code).toBe(1);
    expect(packages[0]).toMatchObject({ from: 'registry', checks: [{ id: 'cache-mismatch' }] });
  });

  it('is inspected again though go.sum says the same: the hash is not of the zip', async () => {
    proxy.publish({ module: A });
    expect((await audited(sandbox)).code).toBe(0);
    const hidden = { zip: { prefix: Buffer.from('PK prefix') } };
    const bytes = Buffer.concat([Buffer.from('before'), moduleZip({ module: A, ...hidden })]);
    proxy.publish({ module: A, zip: bytes });
    const { code, packages } = await audited(sandbox);
    expect(packages[0]?.status).toBe('reject');
    expect(code).toBe(1);
  });
});

describe('what go fetches from its origin', () => {
  beforeEach(() => {
    proxy.publish({ module: A });
    sandbox.write({ 'go.sum': goSum(A) });
  });

  it.each([
    ['GOPRIVATE', ['GOPRIVATE=example.test/*'], 'GOPRIVATE'],
    ['GONOPROXY', ['GONOPROXY=*.test'], 'GONOPROXY'],
    ['direct', ['GOPROXY=direct'], 'from its origin'],
    ['off', ['GOPROXY=off'], 'off'],
  ])('is not inspected with %s, and no proxy is asked', async (_, lines, why) => {
    userSets(`GOPROXY=${proxy.url}`, ...lines);
    const { code, packages } = await audited(sandbox);
    expect(code).toBe(2);
    expect(packages[0]?.error?.message).toContain(why);
    expect(proxy.asked).toEqual([]);
  });

  it('is inspected from the cache all the same', async () => {
    userSets('GOPRIVATE=example.test');
    cache('example.test/a/@v/v1.0.0.zip', moduleZip({ module: A }));
    const { code, packages } = await audited(sandbox);
    expect(packages[0]?.from).toBe('go-cache');
    expect(code).toBe(0);
  });

  it('is not inspected where no proxy has it and the list goes on with direct', async () => {
    proxy.files.clear();
    const { code, packages } = await audited(sandbox);
    expect(packages[0]?.error?.message).toContain('no proxy of GOPROXY has it');
    expect(code).toBe(2);
  });

  it('settings of the repository do not count', async () => {
    const own = await startGoProxy();
    sandbox.write({ 'go.env': `GOPROXY=${own.url}\n`, 'go/env': `GOPROXY=${own.url}\n` });
    const { packages } = await audited(sandbox);
    await own.close();
    expect(packages[0]?.from).toBe('registry');
    expect(own.asked).toEqual([]);
  });
});

describe('a cache', () => {
  it('with a link instead of the zip is not inspected', async () => {
    sandbox.write({ 'go.sum': goSum(A) });
    mkdirSync(dirname(cached('example.test/a/@v/v1.0.0.zip')), { recursive: true });
    symlinkSync('/etc/hostname', cached('example.test/a/@v/v1.0.0.zip'));
    const { code, packages } = await audited(sandbox);
    expect(packages[0]?.error?.message).toContain('is a link');
    expect(code).toBe(2);
  });

  it('is not changed by an audit', async () => {
    proxy.publish({ module: A });
    sandbox.write({ 'go.sum': goSum(A) });
    expect((await audited(sandbox)).code).toBe(0);
    expect(existsSync(join(sandbox.home, 'go'))).toBe(false);
  });
});
