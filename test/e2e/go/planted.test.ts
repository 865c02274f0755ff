/** What somebody put into the module cache before the run, besides zips: none of it makes go unpack or run what was not inspected. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { goAttacks } from '../../support/attacks/go-zip.ts';
import { execute } from '../../support/execute.ts';
import { freshEach } from '../../support/fresh-each.ts';
import {
  cachedAt,
  closeGoBench,
  download,
  forgetFolder,
  guarded,
  inCache,
  makeLockedBench,
  MODULE,
  put,
  SUBJECT,
  unguarded,
  unpackedAt,
  VERSION,
  versionsAt,
} from '../../support/go/bench.ts';
import { goSum, moduleFiles } from '../../support/go/module-zip.ts';

const hostile = goAttacks.find(({ name }) => name === 'symlink')!.bytes;

/** Every command that uses modules. */
const commands: readonly (readonly string[])[] = [
  ['build', './...'],
  ['mod', 'download'],
  ['mod', 'tidy'],
  ['mod', 'vendor'],
  ['mod', 'verify'],
  ['install', MODULE],
  ['run', '.'],
  ['get', MODULE],
  ['test', './...'],
  ['vet', './...'],
  ['generate', './...'],
  ['list', '-m', 'all'],
  ['work', 'sync'],
];

describe('planted in the module cache', { tags: ['go'] }, () => {
  const bench = freshEach(() => makeLockedBench(), closeGoBench);

  test('a hostile zip: stops every command before go is run', async () => {
    await download(bench);
    forgetFolder(bench);
    writeFileSync(cachedAt(bench, 'zip'), hostile);
    bench.sandbox.write({ 'go.work': 'go 1.21\n\nuse .\n' });
    for (const args of commands) {
      // oxlint-disable-next-line no-await-in-loop
      const { code, stdout, stderr } = await guarded(bench, args, { env: { GOFLAGS: '' } });
      expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: '' });
      expect(stderr).toContain('is not safe to unpack');
      expect(stderr).toContain('go was not run');
      expect(existsSync(unpackedAt(bench))).toBe(false);
    }
  });

  test.each([
    ['.info that names another version', `${VERSION}.info`, '{"Version":"v9.9.9"}'],
    ['list', 'list', 'v9.9.9\n'],
    ['.info of a branch', 'main.info', '{"Version":"v9.9.9"}'],
  ])('%s: what go then asks for is inspected', async (_, name, text) => {
    bench.proxy.publish({ module: `${SUBJECT}@v9.9.9`, zip: hostile });
    put(versionsAt(bench, name), text);
    for (const query of [VERSION, 'latest', 'main', 'v9']) {
      // oxlint-disable-next-line no-await-in-loop
      const { stderr } = await guarded(bench, ['get', `${SUBJECT}@${query}`]);
      if (stderr.includes('v9.9.9')) expect(stderr).not.toMatch(/(?:added|upgraded) .*v9\.9\.9/);
      expect(existsSync(join(bench.modcache, `${SUBJECT}@v9.9.9`))).toBe(false);
    }
  });

  test('.mod that needs a hostile module: that is inspected', async () => {
    const other = 'example.org/other@v1.0.0';
    bench.proxy.publish({ module: other, zip: hostile });
    put(
      versionsAt(bench, `${VERSION}.mod`),
      `module ${SUBJECT}\n\nrequire ${other.replace('@', ' ')}\n`,
    );
    bench.sandbox.write({ 'go.sum': '' });
    const { code, stderr } = await guarded(bench, ['mod', 'download', 'all']);
    expect(code).toBe(1);
    expect(stderr).toContain(`tarwarden: refused ${other}`);
    expect(existsSync(join(bench.modcache, other))).toBe(false);
  });

  test('answers of the checksum database: go checks them itself, and unpacks nothing', async () => {
    put(inCache(bench, `sumdb/sum.golang.org/lookup/${MODULE}`), `1\n${goSum(MODULE, hostile)}\n`);
    put(inCache(bench, 'sumdb/sum.golang.org/tile/8/0/000.p/1'), 'x'.repeat(32));
    bench.proxy.publish({ module: MODULE, zip: hostile });
    bench.proxy.files.set('/sumdb/sum.golang.org/supported', '');
    bench.sandbox.write({ 'go.sum': '' });
    const env = { GOSUMDB: 'sum.golang.org' };
    const { code, stderr } = await guarded(bench, ['mod', 'download'], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('cannot validate record');
    expect(existsSync(unpackedAt(bench))).toBe(false);
    const refused = await guarded(bench, ['mod', 'download']);
    expect(refused.stderr).toContain(`tarwarden: refused ${MODULE}`);
  });

  test('a clone of git with programs in its settings: it is not used, and they do not run', async () => {
    const path = 'git.tarwarden.invalid/subject.git';
    const { root } = bench.sandbox;
    const repository = bench.sandbox.gitRepo('subject', moduleFiles(path));
    const git = async (...args: string[]): Promise<void> => {
      const { code, stderr } = await execute('git', args, { cwd: root, env: bench.env });
      expect(`${code} ${stderr}`).toMatch(/^0 /);
    };
    await git('-C', repository.dir, 'tag', 'v1.0.0');
    const env = {
      GOPRIVATE: 'git.tarwarden.invalid',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: `url.${repository.url}.insteadOf`,
      GIT_CONFIG_VALUE_0: 'https://git.tarwarden.invalid/subject',
    };
    // As go names it (codehost.WorkDir).
    const name = createHash('sha256')
      .update('git3:https://git.tarwarden.invalid/subject')
      .digest('hex');
    const clone = join(bench.modcache, 'cache/vcs', name);
    expect((await unguarded(bench, ['mod', 'download', `${path}@v1.0.0`], { env })).code).toBe(0);
    expect(existsSync(join(clone, 'config'))).toBe(true);
    const ran = join(root, 'ran');
    const program = join(root, 'program.sh');
    writeFileSync(program, `#!/bin/sh\ntouch ${ran}\nexit 1\n`, { mode: 0o755 });
    for (const key of ['core.fsmonitor', 'core.sshCommand', 'remote.origin.uploadpack'])
      // oxlint-disable-next-line no-await-in-loop
      await git('--git-dir', clone, 'config', key, program);
    for (const hook of ['reference-transaction', 'post-checkout', 'post-index-change']) {
      mkdirSync(join(clone, 'hooks'), { recursive: true });
      symlinkSync(program, join(clone, 'hooks', hook));
    }
    put(join(clone, 'objects/info/alternates'), `${join(root, 'nowhere')}\n`);
    await git('-C', repository.dir, 'tag', 'v1.0.1');
    const download = ['mod', 'download', '-json', `${path}@v1.0.1`];
    const own = await guarded(bench, download, { env });
    expect(`${own.code} ${own.stdout}`).toContain('"Version": "v1.0.1"');
    expect(existsSync(ran)).toBe(false);
    // Without the guard they run.
    await git('-C', repository.dir, 'tag', 'v1.0.2');
    await unguarded(bench, [...download.slice(0, -1), `${path}@v1.0.2`], { env });
    expect(existsSync(ran)).toBe(true);
  });
});
