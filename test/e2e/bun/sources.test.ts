/** What bun gets from others than a registry that tells the truth. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inspect } from '@tarwarden/core';
import { approveAll } from '../../support/approval.ts';
import { freshEach } from '../../support/fresh-each.ts';
import { available } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { sri } from '../../support/registry.ts';
import { entry } from '../../support/tar.ts';
import {
  bare,
  cleanTarball,
  closeBench,
  forget,
  guarded,
  hasLanded,
  hostile,
  makeBench,
  MANIFEST,
  packageJson,
  publish,
  serveInTurn,
  SUBJECT,
  useBench,
} from './guarded.ts';

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = useBench();

  const depend = (spec: string, more: object = {}): void =>
    bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: spec }, ...more }));

  const unlock = (): void => rmSync(join(bench.sandbox.project, 'bun.lock'));

  async function refused(args = ['install'], said = /tarwarden: /): Promise<void> {
    const result = await guarded(bench, args);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toMatch(said);
    expect(hasLanded(bench)).toBe(false);
  }

  test.each([
    ['hostile bytes first', [hostile, cleanTarball()]],
    ['clean bytes first', [cleanTarball(), hostile]],
  ])('an address that answers otherwise the second time: %s', async (_, answers) => {
    const server = await serveInTurn(...answers);
    depend(server.url);
    await refused();
    expect(server.asked()).toBe(2);
    await server.close();
  });

  test('bytes that an earlier run has accepted do not vouch for others of the same address', async () => {
    const server = await serveInTurn(cleanTarball(), cleanTarball(), hostile, cleanTarball());
    depend(server.url);
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    forget(bench);
    unlock();
    depend(`${server.url}?2`);
    await refused();
    await server.close();
  });

  test('a tarball is downloaded once, and bun has the bytes of the guard', async () => {
    publish(bench, cleanTarball());
    depend('1.0.0');
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(bench.registry.downloads()).toEqual([`/${SUBJECT}/-/${SUBJECT}-1.0.0.tgz`]);
    forget(bench);
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(bench.registry.downloads()).toHaveLength(1);
  });

  test('a registry that answers otherwise the second time is not asked twice', async () => {
    const server = await serveInTurn(cleanTarball(), hostile);
    bench.registry.publish({ name: SUBJECT, tarball: server.url, integrity: null });
    depend('1.0.0');
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(server.asked()).toBe(1);
    expect(existsSync(join(bench.sandbox.project, 'node_modules', SUBJECT, 'link'))).toBe(false);
    await server.close();
  });

  test('what only an exception lets pass is not left to bun, where the guard cannot unpack it', async () => {
    const entries = ['one', 'other'].map((body) => entry({ name: 'package/twice.js', body }));
    const bytes = tgz({ name: SUBJECT, entries });
    publish(bench, bytes);
    const { sha512 } = inspect(bytes).archive;
    const except = { package: `${SUBJECT}@1.0.0`, rule: 'duplicate-path', sha512 };
    const exceptions = [{ ...except, reason: 'a test', expires: '2999-01-01' }];
    depend('1.0.0');
    bench.sandbox.write({ 'tarwarden.json': { exceptions } });
    await approveAll({ env: bench.sandbox.env, cwd: bench.sandbox.project });
    const result = await guarded(bench, ['install']);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('it is not one set of plain files');
    expect(hasLanded(bench)).toBe(false);
  });

  describe('a registry of which only a script knows, with a tarball elsewhere', () => {
    const other = freshEach(() => makeBench(), closeBench);
    let elsewhere: Awaited<ReturnType<typeof serveInTurn>>;
    beforeEach(async () => {
      elsewhere = await serveInTurn(cleanTarball());
      other.registry.publish({ name: SUBJECT, tarball: elsewhere.url, integrity: null });
      depend('1.0.0');
    });
    afterEach(() => elsewhere.close());

    test('is not known to the guard, and it is said what to do', async () => {
      const script = `bun install --registry ${other.registry.url}`;
      bench.sandbox.write(packageJson({ scripts: { go: script } }));
      depend('1.0.0', { scripts: { go: script } });
      const result = await guarded(bench, ['run', 'go']);
      expect(result.code).toBe(98);
      expect(result.stderr).toMatch(/UNCHECKED, and remove node_modules.*name it in \.npmrc/);
      bench.sandbox.write({ '.npmrc': `registry=${other.registry.url}/\n` });
      forget(bench);
      unlock();
      expect(await guarded(bench, ['run', 'go'])).toMatchObject({ code: 0 });
    });
  });

  test('a registry that promises other bytes than it has: bun.lock is not kept', async () => {
    bench.registry.publish({
      name: SUBJECT,
      tgz: cleanTarball(),
      manifest: MANIFEST,
      integrity: sri(hostile),
    });
    depend('1.0.0');
    const result = await guarded(bench, ['install']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`bun.lock promises other bytes`);
    expect(existsSync(join(bench.sandbox.project, 'bun.lock'))).toBe(false);
  });

  test('a lockfile that promises other bytes than the registry has', async () => {
    publish(bench, cleanTarball());
    depend('1.0.0');
    expect(await bare(bench, ['install'])).toMatchObject({ code: 0 });
    forget(bench);
    const lock = join(bench.sandbox.project, 'bun.lock');
    const text = readFileSync(lock, 'utf8').replace(/sha512-[^"]+/, sri(hostile));
    writeFileSync(lock, text);
    await refused(['install'], /do not have the integrity/);
    expect(readFileSync(lock, 'utf8')).toBe(text);
  });

  test('a lockfile with two integrities for one package', async () => {
    publish(bench, cleanTarball());
    const url = `${bench.registry.url}/${SUBJECT}/-/${SUBJECT}-1.0.0.tgz`;
    const entry = (integrity: string): unknown[] => [`${SUBJECT}@1.0.0`, url, {}, integrity];
    bench.registry.publish({ name: 'other', manifest: { dependencies: { [SUBJECT]: '1.0.0' } } });
    depend('1.0.0', { dependencies: { [SUBJECT]: '1.0.0', other: '1.0.0' } });
    const other = ['other@1.0.0', `${bench.registry.url}/other/-/other-1.0.0.tgz`];
    bench.sandbox.write({
      'bun.lock': {
        lockfileVersion: 1,
        workspaces: {
          '': { name: 'project', dependencies: { [SUBJECT]: '1.0.0', other: '1.0.0' } },
        },
        packages: {
          [SUBJECT]: entry(sri(cleanTarball())),
          other: [...other, { dependencies: { [SUBJECT]: '1.0.0' } }, ''],
          [`other/${SUBJECT}`]: entry(sri(hostile)),
        },
      },
    });
    await refused(['install'], /several integrities/);
    expect(hasLanded(bench, 'other')).toBe(false);
  });

  test('a lockfile that names the tarball of another package', async () => {
    publish(bench, cleanTarball());
    const other = cleanTarball('tarwarden-other');
    bench.registry.publish({ name: 'tarwarden-other', tgz: other });
    depend('1.0.0');
    const url = `${bench.registry.url}/tarwarden-other/-/tarwarden-other-1.0.0.tgz`;
    bench.sandbox.write({
      'bun.lock': {
        lockfileVersion: 1,
        workspaces: { '': { name: 'project', dependencies: { [SUBJECT]: '1.0.0' } } },
        packages: { [SUBJECT]: [`${SUBJECT}@1.0.0`, url, {}, sri(other)] },
      },
    });
    await refused(['install'], /tarwarden: refused tarwarden-subject@1\.0\.0/);
    expect(hasLanded(bench)).toBe(false);
  });

  test('a folder of bun’s own cache that was made from other bytes is not used', async () => {
    publish(bench, hostile);
    depend('1.0.0');
    expect(await bare(bench, ['install'])).toMatchObject({ code: 0 });
    forget(bench);
    unlock();
    publish(bench, cleanTarball());
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(
      readFileSync(join(bench.sandbox.project, 'node_modules', SUBJECT, 'index.js'), 'utf8'),
    ).toContain('ran');
  });

  test('other bytes under a name and version that an earlier run has accepted', async () => {
    publish(bench, cleanTarball());
    depend('1.0.0');
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    forget(bench);
    publish(bench, hostile);
    unlock();
    await refused(['install'], /tarwarden: refused/);
  });

  test('a folder that a package of a registry names, and that is not there', async () => {
    const manifest = { dependencies: { inner: 'file:./inner' } };
    bench.registry.publish({ name: SUBJECT, manifest });
    depend('1.0.0');
    for (const run of [bare, guarded]) {
      expect(await run(bench, ['install'])).toMatchObject({ code: 0 });
      expect(hasLanded(bench)).toBe(true);
      expect(hasLanded(bench, 'inner')).toBe(false);
      forget(bench);
      unlock();
    }
  });

  test('a folder with a link that leaves it', async () => {
    depend('file:./folder');
    bench.sandbox.write({ 'folder/package.json': { name: SUBJECT, version: '1.0.0' } });
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    forget(bench);
    symlinkSync('/etc/passwd', join(bench.sandbox.project, 'folder/link'));
    await refused(['install'], /link in it is a link to/);
  });

  test('a name under which bun would not find what was inspected is refused', async () => {
    bench.registry.publish({ name: 'fo!o' });
    bench.sandbox.write(packageJson({ dependencies: { 'fo!o': '1.0.0' } }));
    await refused(['install'], /fo!o@1\.0\.0.* cannot be put into its cache/);
    expect(hasLanded(bench, 'fo!o')).toBe(false);
  });

  test('one bad package among good ones stops all', async () => {
    publish(bench, hostile);
    bench.sandbox.write(
      packageJson({ dependencies: { 'tarwarden-neighbour': '1.0.0', [SUBJECT]: '1.0.0' } }),
    );
    await refused(['install'], /refused 1 package/);
    expect(hasLanded(bench, 'tarwarden-neighbour')).toBe(false);
  });

  test.each([['install'], ['add -g tarwarden-subject']])(
    'report only: %s installs, and says so',
    async (line) => {
      publish(bench, hostile);
      depend('1.0.0');
      const folder = join(bench.sandbox.env['XDG_CONFIG_HOME']!, 'tarwarden');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'policy.json'), JSON.stringify({ mode: 'report' }));
      const result = await guarded(bench, line.split(' '));
      expect(result.stderr).toContain(`REPORT ONLY: would refuse ${SUBJECT}@1.0.0`);
      expect(result.code).toBe(0);
    },
  );

  test('a SHA-1 is compared as well', async () => {
    const bytes = cleanTarball();
    const sha1 = (of: Buffer): string => `sha1-${createHash('sha1').update(of).digest('base64')}`;
    bench.registry.publish({
      name: SUBJECT,
      tgz: bytes,
      manifest: MANIFEST,
      integrity: sha1(bytes),
    });
    depend('1.0.0');
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    forget(bench);
    const lock = join(bench.sandbox.project, 'bun.lock');
    const text = readFileSync(lock, 'utf8');
    if (text.includes('sha1-')) {
      writeFileSync(lock, text.replace(/sha1-[^"]+/, sha1(hostile)));
      await refused(['install'], /do not have the integrity/);
    } else expect(text).not.toContain('sha512-');
  });
});
