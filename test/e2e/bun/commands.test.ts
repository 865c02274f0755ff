/** Commands that are not asked to install, and may do so. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { available } from '../../support/managers.ts';
import {
  bare,
  cleanTarball,
  closeBench,
  guarded,
  installed,
  makeBench,
  MANIFEST,
  packageJson,
  publish,
  SUBJECT,
  useBench,
} from './guarded.ts';
import { removeAll } from './roads.ts';

const hostile = attack('symlink').build({ name: SUBJECT, manifest: MANIFEST });

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = useBench();

  test.each([
    ['-e', `require('${SUBJECT}')`],
    ['-p', `require('${SUBJECT}')`],
    [`--eval=require('${SUBJECT}')`],
    ['--install=force', '-e', `require('${SUBJECT}')`],
  ])('code in the command line installs nothing: %j', async (...args) => {
    publish(bench, cleanTarball());
    expect((await bare(bench, args)).stdout).toContain('ran');
    const result = await guarded(bench, args);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain('auto-install is off');
    expect((await guarded(bench, ['-p', '6 * 7'])).stdout).toContain('42');
  });

  test('a file of variables for bun reaches bun, and not the Node of the guard', async () => {
    bench.sandbox.write({
      ...packageJson({ scripts: { say: 'echo [$HELLO$NODE_OPTIONS]' } }),
      'x.cjs': "require('node:fs').writeFileSync('obeyed', '');\n",
      'plain.env': 'HELLO=there\n',
      'hostile.env': 'HELLO=there\nNODE_OPTIONS="--require ./x.cjs"\n',
    });
    const plain = await guarded(bench, ['run', '--env-file=plain.env', 'say']);
    expect(plain).toMatchObject({ code: 0, stdout: '[there]\n' });
    const other = await guarded(bench, ['--', 'run', '--env-file=hostile.env', 'say']);
    expect(other).toMatchObject({ code: 0, stdout: '[there--require ./x.cjs]\n' });
    expect(existsSync(join(bench.sandbox.project, 'obeyed'))).toBe(false);
    const refused = { code: 97, stdout: '' };
    expect(await guarded(bench, ['run', '--env-file=hostile.env', 'say'])).toMatchObject(refused);
  });

  test('what a script of pack installs is inspected', async () => {
    publish(bench, hostile);
    bench.sandbox.write({
      ...packageJson({ scripts: { prepack: 'cd inner && bun install' } }),
      'inner/package.json': { name: 'inner', dependencies: { [SUBJECT]: '1.0.0' } },
    });
    const result = await guarded(bench, ['pm', 'pack']);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect(existsSync(join(bench.sandbox.project, 'inner/node_modules', SUBJECT))).toBe(false);
  });

  test('a dry run, which unpacks nothing', async () => {
    publish(bench, cleanTarball());
    bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: '1.0.0' } }));
    for (const _ of ['without a lockfile', 'with one']) {
      // oxlint-disable-next-line no-await-in-loop
      expect(await guarded(bench, ['install', '--dry-run'])).toMatchObject({ code: 0 });
      // oxlint-disable-next-line no-await-in-loop
      expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    }
  });

  /** A lockfile in which the subject is there twice, so that it is deduped; the bytes of both are hostile. */
  async function writeDuplicate(): Promise<void> {
    const versions = ['1.0.0', '1.0.1'];
    for (const version of versions)
      bench.registry.publish({
        name: SUBJECT,
        version,
        tgz: attack('symlink').build({ name: SUBJECT, version, manifest: MANIFEST }),
      });
    const [older, newer] = versions.map((version) => [
      `${SUBJECT}@${version}`,
      `${bench.registry.url}/${SUBJECT}/-/${SUBJECT}-${version}.tgz`,
      {},
      '',
    ]);
    bench.registry.publish({ name: 'other', manifest: { dependencies: { [SUBJECT]: '^1.0.0' } } });
    const dependencies = { [SUBJECT]: '1.0.0', other: '1.0.0' };
    const other = `${bench.registry.url}/other/-/other-1.0.0.tgz`;
    bench.sandbox.write({
      ...packageJson({ dependencies }),
      'bun.lock': {
        lockfileVersion: 1,
        workspaces: { '': { name: 'project', dependencies } },
        packages: {
          [SUBJECT]: older,
          other: ['other@1.0.0', other, { dependencies: { [SUBJECT]: '^1.0.0' } }, ''],
          [`other/${SUBJECT}`]: newer,
        },
      },
    });
  }

  test('what dedupe installs is inspected, and no code of the project is loaded for that', async () => {
    await writeDuplicate();
    const mark = join(bench.sandbox.root, 'mark');
    bench.sandbox.write({
      'x.cjs': `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '')`,
      'bunfig.toml': 'preload = ["./x.cjs"]\n[install.cache]\ndisable = true\n',
      '.env': 'BUN_OPTIONS="--preload=./x.cjs"\n',
    });
    const result = await guarded(bench, ['dedupe', '--ignore-scripts']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect(existsSync(mark)).toBe(false);
  });

  test('what audit fix installs is inspected', async () => {
    await closeBench(bench);
    const advisory = { id: 1, title: 'old', severity: 'high', vulnerable_versions: '<1.0.1' };
    const advisories = { [SUBJECT]: [{ ...advisory, url: 'https://example.invalid/1' }] };
    Object.assign(bench, await makeBench({ advisories }));
    publish(bench, cleanTarball());
    bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: '^1.0.0' } }));
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    const bytes = attack('symlink').build({ name: SUBJECT, version: '1.0.1', manifest: MANIFEST });
    bench.registry.publish({ name: SUBJECT, version: '1.0.1', tgz: bytes, manifest: MANIFEST });
    removeAll(bench);
    const result = await guarded(bench, ['audit', 'fix']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.1`);
    const manifest = readFileSync(join(installed(bench), 'package.json'), 'utf8');
    expect(JSON.parse(manifest)).toMatchObject({ version: '1.0.0' });
  });

  test('an option before install, which bun does not take for one with a value', async () => {
    publish(bench, attack('symlink').build({ name: SUBJECT, manifest: MANIFEST }));
    bench.sandbox.write(packageJson({ dependencies: { [SUBJECT]: '1.0.0' } }));
    const result = await guarded(bench, ['-d', 'install']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
  });

  test('nor do settings of the project switch that on', async () => {
    publish(bench, hostile);
    bench.sandbox.write({
      'bunfig.toml': '[install]\nauto = "force"\n[install.security]\nscanner = ""\n',
    });
    const result = await guarded(bench, ['-e', `require('${SUBJECT}')`]);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain('auto-install is off');
  });
});
