/** Commands that are not asked to install, and may do so. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { available } from '../../support/managers.ts';
import {
  bare,
  cleanTarball,
  closeBench,
  guarded,
  makeBench,
  MANIFEST,
  packageJson,
  publish,
  SUBJECT,
  type Bench,
} from './guarded.ts';

const hostile = attack('symlink').build({ name: SUBJECT, manifest: MANIFEST });

describe.skipIf(!available('bun').ok)('bun', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await makeBench();
  });
  afterEach(async () => {
    bench.sandbox.assertSentinelUntouched();
    await closeBench(bench);
  });

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
