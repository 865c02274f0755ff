/** Files of another user above the project: `tarwarden pnpm` does not start pnpm for those that run code or name a registry. */
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { available, pnpms } from '../../support/managers.ts';
import type { Bench } from './guarded.ts';
import { linked, makeWrapped, plain, wrapped } from './wrapped.ts';

const MALLORY = 54_321;
const REFUSED = 97;

describe.skipIf(process.getuid?.() !== 0).each(pnpms.filter((name) => available(name).ok))(
  '%s below a folder of another user',
  (name) => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await makeWrapped(name);
      bench.registry.publish({ name: 'tarwarden-subject' });
    });
    afterEach(async () => {
      await bench.registry.close();
      bench.sandbox.dispose();
    });

    /** Files above the project, which belong to another user. */
    function above(files: Readonly<Record<string, string>>): string {
      const folder = dirname(bench.sandbox.project);
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
        chownSync(join(folder, path), MALLORY, MALLORY);
      }
      return folder;
    }

    test('runs no pnpmfile of that user', async () => {
      const folder = above({ 'pnpm-workspace.yaml': 'packages: ["*"]\n' });
      const ran = join(folder, 'ran');
      above({ '.pnpmfile.cjs': `require('fs').writeFileSync(${JSON.stringify(ran)}, '')\n` });
      const { code, stderr } = await wrapped(bench, ['install']);
      expect([code, existsSync(ran), linked(bench)]).toEqual([REFUSED, false, false]);
      expect(stderr).toContain(
        `.pnpmfile.cjs belongs to uid ${MALLORY}\npnpm would take from it: code\n`,
      );
      expect(stderr).toContain('move the project to another folder');
      await plain(bench, ['install']);
      expect(existsSync(ran)).toBe(true);
    });

    test('takes no settings of that user', async () => {
      above({
        'pnpm-workspace.yaml': 'x: &x {pnpmfile: other.cjs}\n<<: *x\npackages: ["*"]\n',
        'other.cjs': '',
      });
      const { code, stderr } = await wrapped(bench, ['install']);
      expect([code, linked(bench)]).toEqual([REFUSED, false]);
      expect(stderr).toContain(`belongs to uid ${MALLORY}`);
    });

    test('takes those of a checkout of that user in which root has made the folder', async () => {
      const folder = above({
        '.git': 'gitdir: elsewhere\n',
        'pnpm-workspace.yaml': 'packages: ["*"]\n',
      });
      expect((await wrapped(bench, ['install'])).code).toBe(REFUSED);
      chownSync(folder, MALLORY, MALLORY);
      expect((await wrapped(bench, ['install'])).code).toBe(0);
      expect(linked(bench)).toBe(true);
    });

    test('takes what is harmless, and what is not below a workspace', async () => {
      above({
        '.pnpmfile.cjs': 'throw new Error()\n',
        '.npmrc': 'registry=http://127.0.0.1:9/\n',
        'package.json': '{"scripts":{"postinstall":"false"}}',
      });
      const { code, stderr } = await wrapped(bench, ['install']);
      expect([code, stderr]).toEqual([0, expect.not.stringContaining('belongs to')]);
      expect(linked(bench)).toBe(true);
    });
  },
);
