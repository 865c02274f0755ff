/** What no proxy is asked for, private modules and `direct`, and how proxies are reached. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { goAttacks } from '../../support/attacks/go-zip.ts';
import { execute } from '../../support/execute.ts';
import {
  guarded,
  MODULE,
  SUBJECT,
  unguarded,
  unpackedAt,
  useGoBench,
} from '../../support/go/bench.ts';
import { moduleFiles } from '../../support/go/module-zip.ts';
import { startGoProxy, type GoProxy, type ProxyOptions } from '../../support/go/proxy.ts';

const hostile = goAttacks.find(({ name }) => name === 'symlink')!.bytes;
const REFUSED = `tarwarden: refused ${MODULE}: this archive is not safe to unpack`;

/** The web as a proxy of HTTP_PROXY has it: the module's page names a module proxy of its own, which serves any zip. */
function web(origin: () => GoProxy): ProxyOptions {
  return {
    instead: (path) => {
      const { pathname, search } = new URL(path);
      const meta = `<meta name="go-import" content="${SUBJECT} mod http://mods.example.org">`;
      if (search === '?go-get=1')
        return { status: 200, headers: { 'content-type': 'text/html' }, body: meta };
      const body = origin().files.get(pathname);
      return body === undefined ? { status: 404, body: 'not found' } : { status: 200, body };
    },
  };
}

describe('go', { tags: ['go'] }, () => {
  const bench = useGoBench();
  let outside: GoProxy | undefined;
  afterEach(async () => {
    await outside?.close();
    outside = undefined;
  });

  const private_ = { GOPRIVATE: 'example.org', GOINSECURE: 'example.org,mods.example.org' };
  const others: Readonly<Record<string, NodeJS.ProcessEnv>> = {
    GOPRIVATE: private_,
    'GOPRIVATE, by a pattern': { ...private_, GOPRIVATE: '*.example.com,example.o*/te[ae]m' },
    GONOPROXY: { ...private_, GOPRIVATE: '', GONOPROXY: 'example.org/team' },
    'GOPROXY=direct': { ...private_, GOPRIVATE: '', GOPROXY: 'direct' },
  };

  test.each(Object.entries(others))('fetches by %s, and refuses a hostile zip', async (_, more) => {
    outside = await startGoProxy(web(() => bench.proxy));
    bench.proxy.publish({ module: MODULE, zip: hostile });
    const env = { ...more, HTTP_PROXY: outside.url };
    const refused = await guarded(bench, ['build', './...'], { env });
    expect(refused.stderr).toContain(REFUSED);
    expect(refused.code).toBe(1);
    expect(existsSync(unpackedAt(bench))).toBe(false);
    expect(bench.proxy.asked).toEqual([]);
    bench.proxy.publish({ module: MODULE });
    const passed = await guarded(bench, ['run', '.'], { env });
    expect(passed.stderr).toMatch(/clean\n$/);
  });

  test('fetches from a git repository, whose tags and commits it lists', async () => {
    const path = 'git.tarwarden.invalid/subject.git';
    const repository = bench.sandbox.gitRepo('subject', moduleFiles(path));
    const tag = ['-C', repository.dir, 'tag', 'v1.0.0'];
    expect((await execute('git', tag, { cwd: bench.sandbox.root, env: bench.env })).code).toBe(0);
    bench.proxy.publish({ module: MODULE });
    const env = {
      GOPRIVATE: 'git.tarwarden.invalid',
      // go leaves the ending of the path out.
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${repository.url}.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://git.tarwarden.invalid/subject',
    };
    const tagged = await guarded(bench, ['get', `${path}@latest`], { env });
    expect(tagged.stderr).toContain(`added ${path} v1.0.0`);
    const commit = await guarded(
      bench,
      ['mod', 'download', '-json', `${path}@${repository.commit}`],
      {
        env,
      },
    );
    expect(`${commit.code} ${commit.stdout}`).toContain(`"Version": "v1.0.0"`);
    expect(existsSync(join(bench.modcache, `${path}@v1.0.0`))).toBe(true);
  });

  test('takes a branch whose name has a slash where go asks the origin, of a package as well', async () => {
    const path = 'git.tarwarden.invalid/subject.git';
    const repository = bench.sandbox.gitRepo('subject', {
      ...moduleFiles(path),
      'sub/sub.go': 'package main\n\nfunc main() { println("branch") }\n',
    });
    const branch = ['-C', repository.dir, 'branch', 'feature/x'];
    expect((await execute('git', branch, { cwd: bench.sandbox.root, env: bench.env })).code).toBe(
      0,
    );
    const git = {
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${repository.url}.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://git.tarwarden.invalid/subject',
    };
    bench.proxy.publish({ module: MODULE });
    const env = { ...git, GOPRIVATE: 'git.tarwarden.invalid' };
    const other = { ...env, GOMODCACHE: join(bench.sandbox.root, 'plain') };
    const args = ['mod', 'download', '-json', `${path}@feature/x`];
    const version = /"Version": "v0\.0\.0-\d{14}-[\da-f]{12}"/;
    const [plain] = version.exec((await unguarded(bench, args, { env: other })).stdout) ?? [];
    expect(plain).toMatch(version);
    expect((await guarded(bench, args, { env })).stdout).toContain(plain);
    const run = ['-C', bench.sandbox.project, 'run', `${path}/sub@feature/x`, 'x/y@feature/x'];
    const ran = await guarded(bench, run, { env: { ...env, GOFLAGS: '' } });
    expect(`${ran.code} ${ran.stderr}`).toMatch(/branch\n$/);
    const tagged = ['run', '-tags', 'x', `${path}/sub@feature/x`];
    const flagged = await guarded(bench, tagged, { env: { ...env, GOFLAGS: '' } });
    expect(`${flagged.code} ${flagged.stderr}`).toMatch(/branch\n$/);
    const got = await guarded(bench, ['get', `${path}/sub@feature/x`], { env });
    expect(got.stderr).toContain(`added ${path} v0.0.0-`);
    const none = await guarded(bench, ['get', `${path}@feature/none`], { env });
    expect(none.code).toBe(1);
    expect(none.stderr).toContain(`tarwarden: ${path}@feature/none was not found at its origin: `);
    // Where a proxy comes first go asks for nothing.
    for (const go of [unguarded, guarded]) {
      // oxlint-disable-next-line no-await-in-loop
      const asked = await go(bench, ['get', `${path}@feature/x`], { env: git });
      expect(asked.code).toBe(1);
      expect(asked.stderr).toContain('disallowed version string');
      expect(asked.stderr).not.toContain('tarwarden: ');
    }
  });

  test('finds a version that retracts itself, below a go.mod of somebody else', async () => {
    const path = 'git-hub.tarwarden.invalid/subject.git';
    const repository = bench.sandbox.gitRepo('subject', moduleFiles(path));
    const git = async (...args: string[]): Promise<void> => {
      const all = ['-C', repository.dir, '-c', 'user.name=n', '-c', 'user.email=e@x', ...args];
      const { code, stderr } = await execute('git', all, {
        cwd: bench.sandbox.root,
        env: bench.env,
      });
      expect(`${stderr}${code}`).toMatch(/0$/);
    };
    await git('tag', 'v1.0.0');
    const retracting = `module ${path}\n\ngo 1.21\n\nretract [v1.0.0, v1.0.1] // stolen key\n`;
    writeFileSync(join(repository.dir, 'go.mod'), retracting);
    await git('commit', '-q', '-a', '-m', 'retract');
    await git('tag', 'v1.0.1');
    const TMPDIR = join(bench.sandbox.project, 'tmp');
    mkdirSync(TMPDIR);
    bench.sandbox.write({
      'go.mod': `module example.org/project\n\ngo 1.21\n`,
      'vendor/modules.txt': '',
    });
    const env = {
      TMPDIR,
      // The public proxy is not asked: the pattern has a hyphen.
      GOPRIVATE: 'git-hub.tarwarden.invalid',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${repository.url}.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://git-hub.tarwarden.invalid/subject',
    };
    const got = await guarded(bench, ['list', '-m', '-retracted', `${path}@v1.0.0`], { env });
    expect(got).toMatchObject({ code: 0, stdout: `${path} v1.0.0 (retracted)\n` });
    const all = await guarded(bench, ['list', '-m', '-retracted', '-versions', path], { env });
    expect(all).toMatchObject({ code: 0, stdout: `${path} v1.0.0 v1.0.1\n` });
    expect(bench.proxy.asked).toEqual([]);
  });

  test('reports what the origin of a private module says', async () => {
    const env = { GOPRIVATE: 'git.tarwarden.invalid' };
    const path = 'git.tarwarden.invalid/none.git';
    const { code, stderr } = await guarded(bench, ['get', `${path}@v1.0.0`], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/git ls-remote|could not|unable to access|not found/i);
    expect(stderr).not.toContain('tarwarden:');
  });

  test('follows redirects in the gateway', async () => {
    const origin = bench.proxy;
    outside = await startGoProxy({
      instead: (path) => ({ status: 302, headers: { location: origin.url + path } }),
    });
    origin.publish({ module: MODULE, zip: hostile });
    const env = { GOPROXY: outside.url };
    expect((await guarded(bench, ['build', './...'], { env })).stderr).toContain(REFUSED);
    origin.publish({ module: MODULE });
    expect((await guarded(bench, ['run', '.'], { env })).stderr).toMatch(/clean\n$/);
  });

  test('hands on the checksum database of a proxy, and its absence', async () => {
    bench.proxy.publish({ module: MODULE });
    bench.proxy.files.set('/sumdb/sum.golang.org/supported', '');
    const env = { GOSUMDB: 'sum.golang.org', HTTPS_PROXY: 'http://127.0.0.1:1' };
    const { code, stderr } = await guarded(bench, ['build', './...'], { env });
    expect(code).toBe(1);
    expect(stderr).toMatch(/sumdb|verifying/);
    expect(bench.proxy.asked.filter((path) => path.startsWith('/sumdb/'))).toContain(
      '/sumdb/sum.golang.org/supported',
    );
    expect(bench.proxy.asked).toContain(`/sumdb/sum.golang.org/lookup/${SUBJECT}@v1.2.3`);
  });

  test('inspects the zip of a toolchain', async () => {
    const toolchain = 'golang.org/toolchain@v0.0.1-go1.99.0.linux-amd64';
    bench.proxy.publish({ module: toolchain, zip: hostile });
    bench.sandbox.write({ 'go.mod': 'module example.org/project\n\ngo 1.99.0\n' });
    const env = { GOTOOLCHAIN: 'auto', GOSUMDB: 'sum.golang.org' };
    const { code, stderr } = await guarded(bench, ['build', './...'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain(`tarwarden: refused ${toolchain}`);
    expect(stderr).toContain('module-name-mismatch');
  });

  test('of which off is the only one: what needs no module goes on, as in go', async () => {
    bench.proxy.publish({ module: MODULE });
    expect((await unguarded(bench, ['mod', 'download'])).code).toBe(0);
    const env = { GOPROXY: 'off' };
    for (const args of [
      ['list', '-m', '-u', 'all'],
      ['list', '-m', '-versions', SUBJECT],
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      const plain = await unguarded(bench, args, { env });
      // oxlint-disable-next-line no-await-in-loop
      const { code, stdout } = await guarded(bench, args, { env });
      expect({ args, code, stdout }).toEqual({ args, code: plain.code, stdout: plain.stdout });
    }
  });

  test('off ends the list, in the words of go', async () => {
    const { code, stderr } = await guarded(bench, ['build', './...'], { env: { GOPROXY: 'off' } });
    expect(code).toBe(1);
    expect(stderr).toContain('module lookup disabled by GOPROXY=off');
    const env = { GOPROXY: `${bench.proxy.url},off` };
    const plain = await unguarded(bench, ['build', './...'], { env });
    const last = await guarded(bench, ['build', './...'], { env });
    expect(last.code).toBe(plain.code);
    for (const one of [plain, last]) expect(one.stderr).toContain('lookup disabled by GOPROXY=off');
  });

  test('is not run where GOPROXY or the policy cannot be used', async () => {
    const other = await guarded(bench, ['build'], { env: { GOPROXY: 'ftp://user:secret@x' } });
    expect(other.code).toBe(97);
    expect(other.stderr).toContain('go was not run');
    expect(other.stderr).not.toContain('secret');
    bench.sandbox.write({ 'tarwarden.json': '{' });
    expect((await guarded(bench, ['build'])).code).toBe(97);
  });
});
