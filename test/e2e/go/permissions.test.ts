/** Folders and files that this user may not read or write: an error that names them, and never a run that looks like a good one. */
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { goAttacks } from '../../support/attacks/go-zip.ts';
import type { Result } from '../../support/execute.ts';
import {
  cachedAt,
  closeGoBench,
  guarded,
  makeGoBench,
  MODULE,
  unpackedAt,
  type Bench,
} from '../../support/go/bench.ts';
import { findProgram } from '../../support/programs.ts';

const hostile = goAttacks.find(({ name }) => name === 'symlink')!.bytes;
const isRoot = process.getuid?.() === 0;
const setpriv = findProgram('setpriv');
/** Modes are nothing to root, unless it gives that up. */
const by = isRoot ? [`${setpriv}`, '--bounding-set', '-dac_override,-dac_read_search'] : [];
const canBeTried = isRoot ? setpriv !== undefined : process.platform !== 'win32';

describe.skipIf(!canBeTried)('a user who may not', { tags: ['go'] }, () => {
  let bench: Bench;
  const closed: string[] = [];
  beforeEach(async () => {
    bench = await makeGoBench();
    bench.proxy.publish({ module: MODULE });
  });
  afterEach(async () => {
    for (const path of closed.splice(0)) if (existsSync(path)) chmodSync(path, 0o755);
    await closeGoBench(bench);
  });

  const close = (path: string, mode = 0): void => {
    chmodSync(path, mode);
    closed.push(path);
  };
  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Result> =>
    guarded(bench, args, { by, env });
  const download = async (): Promise<void> =>
    expect(await run(['mod', 'download'])).toMatchObject({ code: 0 });
  const cache = (...path: string[]): string => join(bench.modcache, 'cache/download', ...path);

  test.each([
    ['GOMODCACHE', () => bench.modcache, 0],
    ['its downloads', () => cache(), 0],
    ['a folder of a module', () => cache('example.org'), 0],
    ['the names in one, where go opens files by name', () => cache('example.org/team'), 0o311],
    ['the versions of one', () => cache('example.org/team/subject/@v'), 0o311],
  ])('list %s: go is not run', async (_, folder, mode) => {
    await download();
    close(folder(), mode);
    for (const env of [{}, { GOPROXY: 'off' }]) {
      // oxlint-disable-next-line no-await-in-loop
      const { code, stdout, stderr } = await run(['run', '.'], env);
      expect({ code, stdout }).toEqual({ code: 97, stdout: '' });
      expect(stderr).toMatch(/of the module cache cannot be (?:listed|looked at) \(EACCES/);
      expect(stderr).toContain('go was not run');
      expect(stderr).not.toMatch(/^clean$|^\s+at /m);
    }
  });

  test('read a .zip: go is not run', async () => {
    await download();
    close(cachedAt(bench, 'zip'));
    const { code, stderr } = await run(['run', '.']);
    expect(code).toBe(1);
    expect(stderr).toContain(`tarwarden: not inspected, so not installed: ${MODULE}`);
    expect(stderr).toContain('EACCES');
    expect(stderr).not.toMatch(/^clean$|^\s+at /m);
  });

  test('read tarwarden.json: go is not run', async () => {
    await download();
    bench.sandbox.write({ 'tarwarden.json': '{}' });
    close(join(bench.sandbox.project, 'tarwarden.json'));
    const { code, stderr } = await run(['run', '.']);
    expect(code).toBe(97);
    expect(stderr).toContain('tarwarden.json');
    expect(stderr).toContain('go was not run');
  });

  test('read the settings of go: neither does go, and all is inspected', async () => {
    const GOENV = join(bench.sandbox.root, 'goenv');
    writeFileSync(GOENV, 'GOMODCACHE=/nowhere\n');
    close(GOENV);
    bench.proxy.publish({ module: MODULE, zip: hostile });
    const { code, stderr } = await run(['mod', 'download'], { GOENV, GOMODCACHE: undefined });
    expect(code).toBe(1);
    expect(stderr).toContain(`tarwarden: refused ${MODULE}`);
  });

  test.each([
    ['GOMODCACHE', 'mod'],
    ['GOPATH', 'path'],
    ['GOCACHE', 'build'],
  ])('write to %s: go fails', async (name, folder) => {
    const path = join(bench.sandbox.root, folder);
    mkdirSync(path);
    close(path, 0o555);
    const own = name === 'GOPATH' ? { GOMODCACHE: undefined } : {};
    const { code, stderr } = await run(['run', '.'], { ...own, [name]: path });
    expect(code).toBe(1);
    expect(stderr).toContain(path);
    expect(stderr).toMatch(/permission denied/);
    expect(readdirSync(path)).toEqual([]);
  });

  test('write to TMPDIR: what comes from its origin is not fetched', async () => {
    const TMPDIR = join(bench.sandbox.root, 'tmpdir');
    mkdirSync(TMPDIR);
    close(TMPDIR, 0o555);
    const { code, stderr } = await run(['mod', 'download'], { TMPDIR, GOPROXY: 'direct' });
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/EACCES|permission denied/);
  });

  test('write to the cache of tarwarden: all is inspected each time', async () => {
    close(join(bench.sandbox.root, 'xdg/cache'), 0o555);
    expect((await run(['run', '.'])).stderr).toMatch(/clean\n$/);
    expect((await run(['run', '.'], { GOPROXY: 'off' })).stderr).toBe('clean\n');
    bench.proxy.publish({ module: MODULE, zip: hostile });
    const { code, stderr } = await run(['run', '.'], {
      GOMODCACHE: join(bench.sandbox.root, 'other'),
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`tarwarden: refused ${MODULE}`);
  });

  test('look afterwards: unchecked', async () => {
    const leave = `GOPROXY=${bench.proxy.url} go get ${MODULE}; chmod 0 ${cache('example.org')}`;
    bench.sandbox.write({
      'leave.sh': leave,
      'main.go': 'package main\n\n//go:generate sh leave.sh\n\nfunc main() {}\n',
    });
    closed.push(cache('example.org'));
    const { code, stderr } = await run(['generate']);
    expect(existsSync(unpackedAt(bench))).toBe(true);
    expect(code).toBe(98);
    expect(stderr).toContain('EACCES');
    expect(stderr).toContain('UNCHECKED');
  });
});
