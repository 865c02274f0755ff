/** The module cache, which go trusts: what lies there before a run, and what comes there during one. */
import { existsSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { goAttacks } from '../../support/attacks/go-zip.ts';
import { repository } from '../../support/managers.ts';
import {
  cachedAt,
  guarded,
  MODULE,
  unguarded,
  unpackedAt,
  useGoBench,
} from '../../support/go/bench.ts';
import { goSum } from '../../support/go/module-zip.ts';

const hostile = goAttacks.find(({ name }) => name === 'symlink')!.bytes;
describe('the module cache', { tags: ['go'] }, () => {
  const bench = useGoBench();

  test('with a hostile zip in it: go is not run, and what to remove is said', async () => {
    bench.proxy.publish({ module: MODULE, zip: hostile });
    expect((await unguarded(bench, ['build', './...'])).code).toBe(0);
    const { code, stdout, stderr } = await guarded(bench, ['run', '.'], {
      env: { GOPROXY: 'off' },
    });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/^clean$/m);
    expect(stderr).toContain(`tarwarden: refused ${MODULE}: this archive is not safe to unpack`);
    expect(stderr).toContain('error    symlink');
    expect(stderr).toContain(`the folder "${unpackedAt(bench)}"`);
    expect(stderr).toContain(`the files "${cachedAt(bench, 'zip').replace(/zip$/, '*')}"`);
    expect(stderr).toContain('go was not run');
    const cleaned = await guarded(bench, ['clean', '-modcache']);
    expect(cleaned.code).toBe(0);
    expect(existsSync(bench.modcache)).toBe(false);
  });

  test('of a clean project: nothing is asked, and nothing is said', async () => {
    bench.proxy.publish({ module: MODULE });
    expect((await unguarded(bench, ['build', './...'])).code).toBe(0);
    const asked = bench.proxy.asked.length;
    for (const _ of ['first', 'again']) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await guarded(bench, ['run', '.'], { env: { GOPROXY: 'off' } })).toMatchObject({
        code: 0,
        stderr: 'clean\n',
      });
    }
    expect(bench.proxy.asked).toHaveLength(asked);
  });

  const leaving = (url: string): Record<string, string> => ({
    'main.go': `package main\n\n//go:generate go get ${MODULE}\n\nfunc main() {}\n`,
    'go.mod': 'module example.org/project\n\ngo 1.21\n',
    'leave.sh': `GOPROXY=${url} go get ${MODULE}\n`,
  });

  test('with what a program left the guard for: refused afterwards', async () => {
    bench.proxy.publish({ module: MODULE, zip: hostile });
    const files = leaving(bench.proxy.url);
    bench.sandbox.write({
      ...files,
      'main.go': files['main.go']!.replace('go get', 'sh leave.sh'),
    });
    const { code, stderr } = await guarded(bench, ['generate']);
    expect(code).toBe(1);
    expect(stderr).toContain(`tarwarden: refused ${MODULE}`);
    expect(stderr).toContain('to remove:');
  });

  test('with what a program left the guard for, clean: unchecked', async () => {
    bench.proxy.publish({ module: MODULE });
    const files = leaving(bench.proxy.url);
    bench.sandbox.write({
      ...files,
      'main.go': files['main.go']!.replace('go get', 'sh leave.sh'),
    });
    const { code, stderr } = await guarded(bench, ['generate']);
    expect(code).toBe(98);
    expect(stderr).toContain('UNCHECKED');
  });

  test('a go that a program starts inherits the guard', async () => {
    bench.proxy.publish({ module: MODULE, zip: hostile });
    bench.sandbox.write(leaving(bench.proxy.url));
    const { code, stderr } = await guarded(bench, ['generate']);
    expect(code).toBe(1);
    expect(stderr).toContain(`tarwarden: refused ${MODULE}`);
    expect(existsSync(unpackedAt(bench))).toBe(false);
  });

  test('with a link instead of a zip: refused, whatever it leads to', async () => {
    bench.proxy.publish({ module: MODULE });
    expect((await guarded(bench, ['mod', 'download'])).code).toBe(0);
    const zip = cachedAt(bench, 'zip');
    renameSync(zip, `${zip}.away`);
    symlinkSync(`${zip}.away`, zip);
    const { code, stderr } = await guarded(bench, ['env', 'GOOS']);
    expect(code).toBe(1);
    expect(stderr).toContain(MODULE);
    expect(stderr).toContain('not a regular file');
    expect(stderr).toContain('go was not run');
  });

  test('with a link to itself: not run, and cleaned', async () => {
    bench.proxy.publish({ module: MODULE });
    expect((await guarded(bench, ['mod', 'download'])).code).toBe(0);
    symlinkSync('.', join(bench.modcache, 'cache/download/loop'));
    const { code, stderr } = await guarded(bench, ['env', 'GOOS']);
    expect(code).toBe(97);
    expect(stderr).toContain('is a link; go makes none there');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await guarded(bench, ['clean', '-modcache'])).code).toBe(0);
  });

  test('with what another guarded run put there meanwhile: accepted', async () => {
    bench.proxy.publish({ module: MODULE });
    const cli = join(repository, 'packages/cli/bin/tarwarden.js');
    bench.sandbox.write({
      ...leaving(bench.proxy.url),
      'other.sh': `GOPROXY=${bench.proxy.url} GONOPROXY= ${process.execPath} ${cli} go get ${MODULE}\n`,
      'main.go': 'package main\n\n//go:generate sh other.sh\n\nfunc main() {}\n',
    });
    const { code, stderr } = await guarded(bench, ['generate']);
    expect(stderr).not.toContain('UNCHECKED');
    expect(code).toBe(0);
    expect(existsSync(cachedAt(bench, 'zip'))).toBe(true);
  });

  test('a toolchain for go -C env is fetched behind the guard, and none for env -w', async () => {
    const toolchain = 'golang.org/toolchain@v0.0.1-go1.99.0.linux-amd64';
    bench.proxy.publish({ module: toolchain, zip: hostile });
    bench.sandbox.write({ 'sub/go.mod': 'module example.org/sub\n\ngo 1.99.0\n' });
    const GOENV = join(bench.sandbox.root, 'goenv');
    const env = { GOTOOLCHAIN: 'auto', GOSUMDB: 'sum.golang.org', GOENV };
    const { code, stderr } = await guarded(bench, ['-C', 'sub', 'env', 'GOVERSION'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain(`tarwarden: refused ${toolchain}`);
    const asked = bench.proxy.asked.length;
    const cwd = join(bench.sandbox.project, 'sub');
    const written = await guarded(bench, ['env', '-w', 'GOPRIVATE=x'], { env, cwd });
    expect(written).toMatchObject({ code: 0, stdout: '', stderr: '' });
    expect(bench.proxy.asked).toHaveLength(asked);
  });

  test('nothing of the guard is left in the project', async () => {
    bench.proxy.publish({ module: MODULE });
    expect((await guarded(bench, ['mod', 'tidy'])).code).toBe(0);
    const { project } = bench.sandbox;
    expect(readFileSync(join(project, 'go.sum'), 'utf8')).toBe(goSum(MODULE));
    expect(readFileSync(join(project, 'go.mod'), 'utf8')).not.toMatch(/127\.0\.0\.1|tarwarden/);
    const env = await guarded(bench, ['env', 'GOPROXY', 'GONOPROXY']);
    expect(env).toMatchObject({ code: 0, stdout: `${bench.proxy.url}\n\n`, stderr: '' });
  });
});
