/** What a project may hold or do around a refused package. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from '@tarwarden/core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { approveAll } from '../../support/approval.ts';
import { attack } from '../../support/attacks.ts';
import { available, newestNpms } from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { makeGitRepo, tree } from '../../support/sandbox.ts';
import {
  cleanTarball,
  closeBench,
  guarded,
  makeBench,
  PRELOAD,
  publish,
  scriptsRun,
  SUBJECT,
  unguarded,
  wrapped,
  type Bench,
} from './guarded.ts';

describe.each(newestNpms)('%s', (npm) => {
  const here = available(npm);
  describe.skipIf(!here.ok)('guarded', () => {
    let bench: Bench;
    const hostile = (): Buffer =>
      attack('symlink').build({ name: SUBJECT, manifest: bench.manifest });
    const project = (...path: string[]): string => join(bench.sandbox.project, ...path);
    const git = npm === 'npm-12' ? ['--allow-git=all'] : [];

    beforeEach(async () => {
      bench = await makeBench(npm);
      publish(bench, hostile());
    });
    afterEach(() => closeBench(bench));

    test('rolls a bad addition back to what was there', async () => {
      expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
      rmSync(join(bench.marks, 'neighbour'), { force: true });
      const before = tree(bench.sandbox.project);
      expect(await guarded(bench, ['install', SUBJECT])).toMatchObject({ code: 1 });
      expect(tree(bench.sandbox.project)).toEqual(before);
      expect(scriptsRun(bench)).toEqual([]);
    });

    test('stays in an npm that a script starts, behind the options of .npmrc', async () => {
      const { sandbox } = bench;
      sandbox.write({
        '.npmrc': 'node-options=--max-old-space-size=512\n',
        'nested/package.json': { name: 'nested', version: '1.0.0' },
        'package.json': {
          name: 'project',
          scripts: {
            nested: `node -p process.env.NODE_OPTIONS; npm install --prefix nested ${SUBJECT}`,
          },
        },
      });
      const result = await guarded(bench, ['run', 'nested']);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stdout).toContain(`--require ${PRELOAD} --max-old-space-size=512\n`);
      expect(result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
      expect(existsSync(project('nested/node_modules', SUBJECT))).toBe(false);
    });

    test('stays in an npm that a script starts, whatever --node-options says', async () => {
      bench.sandbox.write({
        'nested/package.json': { name: 'nested', version: '1.0.0' },
        'package.json': {
          name: 'project',
          scripts: { nested: `npm install --prefix nested ${SUBJECT} || true` },
        },
      });
      const args = ['run', '--node-options=--max-old-space-size=512', 'nested'];
      // The script swallows the failure: npm is content, and only the wrapper can tell.
      expect(await guarded(bench, args)).toMatchObject({ code: 0 });
      const result = await wrapped(bench, args);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stderr).toContain(
        'a package was refused, in it or in another npm that it started',
      );
      expect(existsSync(project('nested/node_modules', SUBJECT))).toBe(false);
    });

    test('compares the name and version with what the registry was asked for', async () => {
      publish(bench, tgz({ name: 'somebody-else', version: '1.0.0' }));
      const other = await guarded(bench, ['install', SUBJECT]);
      expect(other).toMatchObject({ code: 1 });
      expect(other.stderr).toContain('manifest-mismatch');
      publish(bench, tgz({ name: SUBJECT, version: '6.6.6' }));
      const older = await guarded(bench, ['install', SUBJECT]);
      expect(older).toMatchObject({ code: 1 });
      expect(older.stderr).toContain('manifest-mismatch');
    });

    test('sees a lockfile that names the tarball of another package', async () => {
      bench.registry.publish({ name: 'tarwarden-real', version: '1.0.0' });
      publish(bench, cleanTarball(bench));
      expect(await unguarded(bench, ['install', 'tarwarden-real', SUBJECT])).toMatchObject({
        code: 0,
      });
      const lockfile = JSON.parse(readFileSync(project('package-lock.json'), 'utf8')) as {
        packages: Record<string, { resolved?: string; integrity?: string }>;
      };
      const { resolved, integrity } = lockfile.packages['node_modules/tarwarden-real'] ?? {};
      Object.assign(lockfile.packages[`node_modules/${SUBJECT}`] ?? {}, { resolved, integrity });
      writeFileSync(project('package-lock.json'), JSON.stringify(lockfile));
      rmSync(project('node_modules'), { recursive: true });
      const result = await guarded(bench, ['ci']);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stderr).toContain('manifest-mismatch');
    });

    test('asks no identity of a file, whose name is the project’s to choose', async () => {
      writeFileSync(project('plain.tgz'), tgz({ name: 'any-name', version: '3.2.1' }));
      expect(await guarded(bench, ['install', 'other-name@file:./plain.tgz'])).toMatchObject({
        code: 0,
      });
    });

    test('inspects a git dependency, and what its preparation installs', async () => {
      const files = { 'package.json': { name: 'tarwarden-git', version: '1.0.0' }, 'lib/a.js': '' };
      const clean = makeGitRepo(join(bench.sandbox.root, 'clean'), files, {
        symlinks: { link: '../../sentinel' },
      });
      expect(await guarded(bench, ['install', ...git, clean.spec])).toMatchObject({ code: 0 });
      // npm packs no links out of a clone.
      expect(tree(project('node_modules/tarwarden-git')).map((line) => line.split(' ')[1])).toEqual(
        ['lib', 'lib/a.js', 'package.json'],
      );
      const prepared = makeGitRepo(join(bench.sandbox.root, 'prepared'), {
        'package.json': {
          name: 'tarwarden-prepared',
          version: '1.0.0',
          scripts: { prepare: 'true' },
          devDependencies: { [SUBJECT]: '1.0.0' },
        },
      });
      const before = tree(bench.sandbox.project);
      const result = await guarded(bench, ['install', ...git, prepared.spec]);
      expect(result.code).not.toBe(0);
      expect(result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
      expect(tree(bench.sandbox.project)).toEqual(before);
    });

    test('obeys a policy of the project: invalid stops before any tarball, an exception lets pass', async () => {
      bench.sandbox.write({ 'tarwarden.json': { nonsense: true } });
      const invalid = await guarded(bench, ['install', SUBJECT]);
      expect(invalid).toMatchObject({ code: 1 });
      expect(invalid.stderr).toContain('tarwarden.json');
      expect(bench.registry.downloads()).toEqual([]);

      const { findings, archive } = inspect(hostile());
      const exceptions = findings.map(({ rule, entry }) => ({
        package: `${SUBJECT}@1.0.0`,
        rule,
        entry,
        sha512: archive.sha512,
        reason: 'looked at',
        expires: '9999-12-31',
      }));
      bench.sandbox.write({ 'tarwarden.json': { exceptions } });
      expect(await guarded(bench, ['install', SUBJECT])).toMatchObject({ code: 1 });
      await approveAll({ env: bench.sandbox.env, cwd: bench.sandbox.project });
      expect(await guarded(bench, ['install', SUBJECT])).toMatchObject({ code: 0 });
      // A project speaks for itself, not for the machine.
      expect(await guarded(bench, ['install', '--global', SUBJECT])).toMatchObject({ code: 1 });
    });

    test('leaves standard output to npm', async () => {
      const result = await guarded(bench, ['install', '--json', SUBJECT]);
      expect(result).toMatchObject({ code: 1 });
      expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'ETARWARDEN' } });
    });

    test('does not stand in the way of pack, run, version, view, ls, and ignore-scripts', async () => {
      bench.sandbox.write({
        'package.json': {
          name: 'project',
          version: '1.0.0',
          scripts: { hello: 'echo hello; exit 3' },
        },
      });
      const ran = await guarded(bench, ['run', '--silent', 'hello']);
      expect(ran).toMatchObject({ code: 3, stdout: 'hello\n', stderr: '' });
      const packed = await guarded(bench, ['pack', '--silent']);
      expect(packed).toMatchObject({ code: 0, stdout: 'project-1.0.0.tgz\n', stderr: '' });
      expect(await guarded(bench, ['--version'])).toMatchObject({ code: 0, stderr: '' });
      expect(await guarded(bench, ['view', SUBJECT, 'version'])).toMatchObject({
        stdout: '1.0.0\n',
      });
      publish(bench, cleanTarball(bench));
      const env = { npm_config_ignore_scripts: 'true' };
      expect(await guarded(bench, ['install', SUBJECT], { env })).toMatchObject({ code: 0 });
      expect(scriptsRun(bench)).toEqual([]);
      expect(await guarded(bench, ['ls', SUBJECT])).toMatchObject({ code: 0 });
      expect(await guarded(bench, ['rebuild'])).toMatchObject({ code: 0 });
    });
  });
});
