/** Proxies over https that ask who is there: ~/.netrc, GOAUTH, a password in the address. None of it is shown. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificates, type Certificates } from '../../support/certificates.ts';
import {
  closeGoBench,
  guarded,
  makeGoBench,
  MODULE,
  unguarded,
  type Bench,
} from '../../support/go/bench.ts';

const SECRET = 'hunter2';
const BASIC = `Basic ${Buffer.from(`me:${SECRET}`).toString('base64')}`;

describe('a proxy that asks for credentials', { tags: ['go', 'openssl'] }, () => {
  let folder = '';
  let certificates: Certificates;
  let bench: Bench;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tarwarden-go-tls-'));
    certificates = makeCertificates(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    const { key, cert } = certificates;
    bench = await makeGoBench({ authorization: BASIC, tls: { key, cert } });
    bench.proxy.publish({ module: MODULE });
  });
  afterEach(() => closeGoBench(bench));

  const run = (env: NodeJS.ProcessEnv = {}) =>
    guarded(bench, ['run', '.'], { env: { SSL_CERT_FILE: certificates.files.ca, ...env } });

  test('is refused without', async () => {
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toContain('401 Unauthorized');
    expect(stderr).toContain('who are you?');
  });

  test('gets those of ~/.netrc', async () => {
    const { host } = new URL(bench.proxy.url);
    writeFileSync(
      join(bench.sandbox.home, '.netrc'),
      `machine ${host} login me password ${SECRET}\n`,
    );
    expect((await run()).stderr).toMatch(/clean\n$/);
    expect((await run({ GOAUTH: 'off', GOMODCACHE: join(bench.sandbox.root, 'other') })).code).toBe(
      1,
    );
  });

  test('gets those of a command of GOAUTH', async () => {
    const command = join(bench.sandbox.root, 'auth.sh');
    const output = String.raw`${bench.proxy.url}/\n\nAuthorization: ${BASIC}\n\n`;
    writeFileSync(command, `printf '${output}'\n`);
    expect((await run({ GOAUTH: `sh ${command}` })).stderr).toMatch(/clean\n$/);
  });

  test('gets those of a command of GOAUTH whose path has a space', async () => {
    const command = join(bench.sandbox.root, 'au th.sh');
    const output = String.raw`${bench.proxy.url}\n\nAuthorization: ${BASIC}\n\n`;
    writeFileSync(command, `printf '${output}'\n`);
    expect((await run({ GOAUTH: `"sh" '${command}'` })).stderr).toMatch(/clean\n$/);
  });

  /** A helper of git that knows the password, or another one, and notes what it is asked to do. */
  const gitHelper = (password: string): string => {
    const { root } = bench.sandbox;
    const log = join(root, 'helper.log');
    const helper = join(root, 'helper.sh');
    const lines = [
      `said=$(cat)`,
      `echo "$1" >> ${log}`,
      `[ "$1" = get ] && printf 'username=me\\npassword=${password}\\n'`,
      'exit 0',
    ];
    writeFileSync(helper, lines.join('\n'));
    const folder = join(root, 'git-folder');
    mkdirSync(folder);
    execFileSync('git', ['init', '-q', folder]);
    execFileSync('git', ['-C', folder, 'config', 'credential.helper', `!sh ${helper}`]);
    return folder;
  };
  const helperLog = (): string[] =>
    readFileSync(join(bench.sandbox.root, 'helper.log'), 'utf8').trim().split('\n');

  test('gets those of git, which is told that they were right', async () => {
    const GOAUTH = `git ${gitHelper(SECRET)}`;
    const env = { SSL_CERT_FILE: certificates.files.ca, GOAUTH };
    const GOMODCACHE = join(bench.sandbox.root, 'plain');
    const plain = await unguarded(bench, ['run', '.'], { env: { ...env, GOMODCACHE } });
    expect(plain.stderr).toMatch(/clean\n$/);
    rmSync(join(bench.sandbox.root, 'helper.log'));
    const { code, stdout, stderr } = await run({ GOAUTH });
    expect(`${code} ${stderr}`).toMatch(/^0 [^]*clean\n$/);
    expect(stdout + stderr).not.toContain(SECRET);
    expect(helperLog()).toEqual(['get', 'store']);
  });

  test('is refused with what git has wrong, which forgets it', async () => {
    const { code, stdout, stderr } = await run({ GOAUTH: `git ${gitHelper('hunter3')}` });
    expect(code).toBe(1);
    expect(stderr).toContain('401 Unauthorized');
    expect(stdout + stderr).not.toContain('hunter3');
    expect(helperLog().slice(0, 2)).toEqual(['get', 'erase']);
  });

  test.each(['netrc;off', 'git .', 'netrc;;netrc'])(
    'is not asked where GOAUTH is %s, with which go ends as well',
    async (GOAUTH) => {
      const env = { SSL_CERT_FILE: certificates.files.ca, GOAUTH };
      expect((await unguarded(bench, ['build', '.'], { env })).code).toBe(1);
      const asked = bench.proxy.asked.length;
      const { code, stderr } = await run({ GOAUTH });
      expect(code).toBe(1);
      expect(stderr).toContain('GOAUTH');
      expect(bench.proxy.asked).toHaveLength(asked);
    },
  );

  test.skipIf(process.platform === 'win32').each([
    ['helper', ''],
    ['helper', '.'],
    ['git', ''],
    ['git', '.'],
  ])(
    'is not asked with what %s in the current folder says, with %j on the PATH',
    async (name, part) => {
      const { project, sentinel } = bench.sandbox;
      const repository = gitHelper(SECRET);
      const planted = `#!/bin/sh\necho ran > ${sentinel}/ran\n`;
      for (const folder of [project, repository]) {
        bench.sandbox.write({ [name]: planted }, folder);
        chmodSync(join(folder, name), 0o755);
      }
      const GOAUTH = name === 'git' ? `git ${repository}` : name;
      const { code, stderr } = await run({ GOAUTH, PATH: `${part}:${bench.env['PATH']}` });
      expect(code).toBe(1);
      expect(stderr).toContain(`"${name}" of GOAUTH was found in the current folder`);
      expect(readdirSync(sentinel)).not.toContain('ran');
    },
  );

  test('gets those of its address, which are not shown', async () => {
    const address = bench.proxy.url.replace('//', `//me:${SECRET}@`);
    expect((await run({ GOPROXY: address })).stderr).toMatch(/clean\n$/);
    bench.proxy.publish({ module: MODULE, zip: Buffer.from('no zip') });
    const GOMODCACHE = join(bench.sandbox.root, 'other');
    const { code, stdout, stderr } = await run({ GOPROXY: address, GOMODCACHE });
    expect(code).toBe(1);
    expect(stderr).toContain(`refused ${MODULE}`);
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test('is not believed with a certificate of nobody', async () => {
    const { code, stderr } = await run({ SSL_CERT_FILE: '' });
    expect(code).toBe(1);
    expect(stderr).toContain('certificate');
  });
});
