/** Packages of other platforms: bun asks about them and installs none, so they are not fetched either. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { available } from '../../support/managers.ts';
import { attack } from '../../support/attacks.ts';
import {
  bare,
  closeUntouched,
  forget,
  guarded,
  hasLanded,
  installed,
  makeBench,
  packageJson,
  SUBJECT,
  type Bench,
} from './guarded.ts';

const OTHER = process.platform === 'darwin' ? 'linux' : 'darwin';

describe.skipIf(!available('bun').ok)('bun', () => {
  let bench: Bench;
  const lockfile = (): string => join(bench.sandbox.project, 'bun.lock');
  beforeEach(async () => {
    bench = await makeBench();
    const manifest = { os: [OTHER] };
    const tgz = attack('symlink').build({ name: SUBJECT, manifest });
    bench.registry.publish({ name: SUBJECT, manifest, tgz });
    bench.sandbox.write(packageJson({ optionalDependencies: { [SUBJECT]: '1.0.0' } }));
    await bare(bench, ['install']);
    forget(bench);
  });
  afterEach(() => closeUntouched(bench));

  test.each([['install'], ['install', '--frozen-lockfile', '--linker', 'isolated'], ['ci']])(
    'fetches no package of another platform: %s',
    async (...args) => {
      expect(readFileSync(lockfile(), 'utf8')).toContain(`"os": "${OTHER}"`);
      expect(await guarded(bench, args)).toMatchObject({ code: 0 });
      expect(hasLanded(bench)).toBe(false);
      expect(bench.registry.downloads()).toEqual([]);
    },
  );

  test.each([
    { args: ['install', '--os', OTHER], env: {} },
    { args: ['install', `--os=${OTHER}`, '--frozen-lockfile'], env: {} },
    { args: ['install'], env: { BUN_OPTIONS: `--os=${OTHER}` } },
  ])('inspects what is asked for by $args, $env', async ({ args, env }) => {
    const result = await guarded(bench, args, { env });
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect(hasLanded(bench)).toBe(false);
  });

  test.each([['hardlink'], ['copyfile']])(
    'gets nothing of what the guard took for another platform: %s',
    async (backend) => {
      // The install of a script, whose options are not those of the guarded one.
      const script = `cd inner && bun install --os=${OTHER} --backend=${backend}`;
      bench.sandbox.write({
        'inner/package.json': {
          name: 'inner',
          optionalDependencies: { [SUBJECT]: '1.0.0' },
        },
        ...packageJson({ scripts: { postinstall: script } }),
      });
      const inner = join(bench.sandbox.project, 'inner');
      expect(await bare(bench, ['install'], { cwd: inner })).toMatchObject({ code: 0 });
      const result = await guarded(bench, ['install']);
      expect(result).toMatchObject({ code: 1 });
      expect(result.stderr).toContain(`that bun.lock has for other platforms (${SUBJECT})`);
      expect(existsSync(join(inner, 'node_modules', SUBJECT, 'link'))).toBe(false);
      const left = readFileSync(join(inner, 'node_modules', SUBJECT, 'package.json'), 'utf8');
      expect(left).toContain('not inspected');
      expect(bench.registry.downloads()).toEqual([]);
    },
  );

  test('without bun.lock, it is not known what a package is for: all are inspected', async () => {
    const { sandbox } = bench;
    sandbox.write({ 'bun.lock': '' });
    const { code } = await guarded(bench, ['install']);
    expect(code).not.toBe(0);
    expect(installed(bench)).not.toSatisfy(existsSync);
  });
});
