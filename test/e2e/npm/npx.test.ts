/** What npx runs without fetching it: a tree of its cache is run only when it was made under the guard. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { available, npmsByGuard } from '../../support/managers.ts';
import {
  cleanTarball,
  closeBench,
  guarded,
  makeBench,
  publish,
  SUBJECT,
  unguarded,
  wrapped,
  type Bench,
  type Options,
} from './guarded.ts';

/** Every way to ask for a package, and what npm does without the guard: many runs of npm. */
const full = process.env['TARWARDEN_E2E_FULL'] === '1';

const NPX: Options = { command: 'npx' };
const HOSTILE = '#!/usr/bin/env node\nconsole.log("hostile");\n';

describe.each(npmsByGuard)('%s', (npm) => {
  describe.skipIf(!available(npm).ok)('npx, guarded', () => {
    let bench: Bench;
    const trees = (cache = bench.sandbox.npmCache): string[] => {
      const folder = join(cache, '_npx');
      return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
    };
    /** Fills npx's own cache without the guard, and changes what was installed there. */
    async function warm(
      args: readonly string[],
      { name = SUBJECT, command = 'npx' } = {},
    ): Promise<void> {
      expect(await unguarded(bench, args, { command })).toMatchObject({ code: 0 });
      expect(trees()).not.toEqual([]);
      for (const folder of trees()) {
        const file = join(folder, 'node_modules', name, 'index.js');
        expect(existsSync(file)).toBe(true);
        writeFileSync(file, HOSTILE);
      }
      if (!full) return;
      const again = await unguarded(bench, args, { command });
      expect(again.stdout).toContain('hostile');
    }

    beforeEach(async () => {
      bench = await makeBench(npm);
      publish(bench, cleanTarball(bench));
    });
    afterEach(() => closeBench(bench));

    test('does not run a changed tree that was there before', async () => {
      const args = ['--yes', SUBJECT];
      await warm(args);
      for (const guard of full ? [guarded, wrapped] : [guarded]) {
        const result = await guard(bench, args, NPX);
        expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('ran') as string });
        expect(result.stdout).not.toContain('hostile');
      }
    });

    test('refuses the package whose tree was unpacked before, by version, range and command', async () => {
      publish(bench, attack('symlink').build({ name: SUBJECT, manifest: bench.manifest }));
      const ways = [[`${SUBJECT}@1.0.0`], [`${SUBJECT}@^1`], ['--package', SUBJECT, '-c', SUBJECT]];
      for (const args of full ? ways : ways.slice(0, 1)) {
        await unguarded(bench, ['--yes', ...args], NPX);
        expect(trees()).not.toEqual([]);
        const result = await guarded(bench, ['--yes', ...args], NPX);
        expect(result).toMatchObject({ code: 1, stdout: '' });
        expect(result.stderr).toContain(`refused ${SUBJECT}@1.0.0`);
      }
    });

    test('does not run a tree out of a cache that the project chose', async () => {
      const { sandbox } = bench;
      sandbox.write({ '.npmrc': 'cache=./cache\n' });
      const cache = join(sandbox.project, 'cache');
      const args = [`${SUBJECT}@1.0.0`];
      expect(await unguarded(bench, ['--yes', ...args], NPX)).toMatchObject({ code: 0 });
      const [folder = ''] = trees(cache);
      writeFileSync(join(folder, 'node_modules', SUBJECT, 'index.js'), HOSTILE);
      if (full) expect((await unguarded(bench, args, NPX)).stdout).toContain('hostile');
      const result = await guarded(bench, ['--yes', ...args], NPX);
      expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining('ran') as string });
      expect(result.stdout).not.toContain('hostile');
    });

    test('npm init does not run an initializer that was there before', async () => {
      const name = 'create-tarwarden';
      const tarball = cleanTarball(bench, { name });
      const manifest = { bin: { [name]: './index.js' } };
      bench.registry.publish({ name, tgz: tarball, manifest });
      await warm(['init', '--yes', 'tarwarden'], { name, command: 'npm' });
      for (const command of full ? ['init', 'create'] : ['init']) {
        const result = await guarded(bench, [command, '--yes', 'tarwarden']);
        expect(result.stdout).toContain('ran');
        expect(result.stdout).not.toContain('hostile');
      }
    });

    test('clean twin: a tree made under the guard is run again, also offline', async () => {
      const args = ['--yes', `${SUBJECT}@1.0.0`];
      expect(await guarded(bench, args, NPX)).toMatchObject({ code: 0 });
      const asked = bench.registry.downloads().length;
      await bench.registry.close();
      const again = await guarded(bench, ['--offline', ...args], NPX);
      expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('ran') as string });
      expect(bench.registry.downloads().length).toBe(asked);
      expect(trees()).toEqual([]);
    });

    test.runIf(full)(
      'clean twin: a tree is made anew out of the cache that an unguarded npx left, offline',
      async () => {
        const args = ['--yes', `${SUBJECT}@1.0.0`];
        expect(await unguarded(bench, args, NPX)).toMatchObject({ code: 0 });
        const again = await guarded(bench, ['--offline', ...args], NPX);
        expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('ran') as string });
      },
    );
  });
});
