/** Files of another user of the machine, in the folder above a project that npm takes for its root. */
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { available, npms, type Result } from '../../support/managers.ts';
import { unguarded, wrapped, useBench } from './guarded.ts';

/** A user that no machine knows. */
const MALLORY = 54_321;

const isRoot = process.getuid?.() === 0;

describe.each(npms)('%s, and a file of another user above the project', (npm) => {
  describe.skipIf(!available(npm).ok || !isRoot)('is read by npm', () => {
    const bench = useBench(npm);
    let cwd: string;
    beforeEach(() => {
      cwd = join(bench.sandbox.project, 'mine');
      mkdirSync(cwd);
    });

    const above = (name: string, text: string, owner = MALLORY): void => {
      const file = join(bench.sandbox.project, name);
      writeFileSync(file, text);
      chownSync(file, owner, owner);
    };
    const mark = (): string => join(bench.sandbox.root, 'mark');
    const scripts = (): object => ({ postinstall: `echo ran > ${mark()}` });

    function expectRefused(result: Result, name: string, settings: string, tool = 'npm'): void {
      expect(result.code).toBe(97);
      expect(result.stderr).toContain(
        `${join(bench.sandbox.project, name)} belongs to uid ${MALLORY}`,
      );
      expect(result.stderr).toContain(`\n${tool} would take from it: ${settings}\n`);
      expect(result.stderr).toContain('what to do: remove that file');
      expect(existsSync(mark())).toBe(false);
    }

    test('npm alone runs the scripts of a package.json there, and the wrapper does not start npm', async () => {
      above('package.json', JSON.stringify({ name: 'root', scripts: scripts() }));
      expectRefused(await wrapped(bench, ['install'], { cwd }), 'package.json', 'scripts');
      await unguarded(bench, ['install'], { cwd });
      expect(existsSync(mark())).toBe(true);
    });

    test('npm alone takes the .npmrc of the workspace that the project belongs to', async () => {
      above('package.json', '{"name":"root","workspaces":["mine"]}', 0);
      writeFileSync(join(cwd, 'package.json'), '{"name":"mine","version":"1.0.0"}');
      above('.npmrc', 'script-shell=./shell\n@x:registry=http://127.0.0.1:9/\n');
      const shown = await unguarded(bench, ['exec', '-c', 'true'], { cwd });
      expect(shown.stderr).toContain('./shell');
      const refused = await wrapped(bench, ['install'], { cwd });
      expectRefused(refused, '.npmrc', 'script-shell, @x:registry');
      const npx = { cwd, command: 'npx' };
      const asked = await wrapped(bench, ['x', '-g'], npx);
      expectRefused(asked, '.npmrc', 'script-shell, @x:registry', 'npx');
    });

    test.each([
      ['.npmrc', '"re\\u0067istry"=http://127.0.0.1:9/\n', 'registry'],
      ['.npmrc', '\uFEFF[x]\nregistry=http://127.0.0.1:9/\n', '[x], registry'],
      ['.npmrc', 'userconfig=./theirs\n', 'userconfig'],
      ['.npmrc', 'node-options=--require=./theirs.cjs\n', 'node-options'],
      ['.npm-extension.cjs', '', 'code'],
    ])('%s with %j is refused', async (name, text, settings) => {
      above('package.json', '{"name":"root"}', 0);
      above(name, text);
      expectRefused(await wrapped(bench, ['install'], { cwd }), name, settings);
    });

    test.each([
      ['.npmrc', 'save-exact=true\nfund=false\n# registry=http://127.0.0.1:9/\n'],
      ['package.json', '{"name":"other","version":"1.0.0"}'],
    ])('%s with %j is not', async (name, text) => {
      above('package.json', '{"name":"root"}', 0);
      above(name, text);
      expect(await wrapped(bench, ['install'], { cwd })).toMatchObject({ code: 0 });
    });

    test('a package.json is not where npm installs for all projects', async () => {
      above('package.json', JSON.stringify({ name: 'root', scripts: scripts() }));
      const installed = await wrapped(bench, ['install', '-g', 'tarwarden-neighbour'], { cwd });
      expect(installed).toMatchObject({ code: 0 });
      expect(existsSync(mark())).toBe(false);
    });

    test('a file of the checkout is not, in a folder that root has made there', async () => {
      above('package.json', '{"name":"root"}');
      above('.npmrc', 'cache=./cache\n');
      above('.git', 'gitdir: elsewhere\n');
      expectRefused(await wrapped(bench, ['install'], { cwd }), '.npmrc', 'cache');
      chownSync(bench.sandbox.project, MALLORY, MALLORY);
      expect(await wrapped(bench, ['install'], { cwd })).toMatchObject({ code: 0 });
    });

    test('a file of root is not, and a project of another user has its own files', async () => {
      above('package.json', '{"name":"root"}', 0);
      above('.npmrc', 'cache=./cache\n', 0);
      expect(await wrapped(bench, ['install'], { cwd })).toMatchObject({ code: 0 });
      for (const path of ['package.json', '.npmrc', 'mine'])
        chownSync(join(bench.sandbox.project, path), MALLORY, MALLORY);
      expect(await wrapped(bench, ['install'], { cwd })).toMatchObject({ code: 0 });
    });
  });
});
