/** Files of another user of the machine, in the folder above a project that bun takes for its root. */
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { available, type Result } from '../../support/managers.ts';
import { bare, cleanTarball, guarded, publish, SUBJECT, useBench } from './guarded.ts';

/** A user that no machine knows. */
const MALLORY = 54_321;

const isRoot = process.getuid?.() === 0;

describe.skipIf(!available('bun').ok || !isRoot)('a file of another user above the project', () => {
  const bench = useBench();
  let cwd: string;
  beforeEach(() => {
    publish(bench, cleanTarball());
    cwd = join(bench.sandbox.project, 'mine');
    mkdirSync(cwd);
    writeFileSync(
      join(cwd, 'package.json'),
      JSON.stringify({ name: 'mine', dependencies: { [SUBJECT]: '1.0.0' } }),
    );
  });

  const above = (name: string, text: string, owner = MALLORY): void => {
    const file = join(bench.sandbox.project, name);
    writeFileSync(file, text);
    chownSync(file, owner, owner);
  };
  const mark = (): string => join(bench.sandbox.root, 'mark');
  const WORKSPACE = '{ "name": "root", "workspaces": ["*"] }';

  function expectRefused(result: Result, name: string, settings: string): void {
    expect(result.code).toBe(97);
    expect(result.stderr).toContain(join(bench.sandbox.project, name));
    expect(result.stderr).toContain(`belongs to uid ${MALLORY}`);
    expect(result.stderr).toContain(
      `would take from it: ${settings}\nwhat to do: remove that file`,
    );
    expect(existsSync(mark())).toBe(false);
  }

  test('bun alone runs the scripts of a package.json there, and the guard does not start bun', async () => {
    const scripts = { postinstall: `echo ran > ${mark()}` };
    above('package.json', JSON.stringify({ name: 'root', workspaces: ['*'], scripts }));
    expectRefused(
      await guarded(bench, ['install'], { cwd }),
      'package.json',
      'dependencies, scripts',
    );
    await bare(bench, ['install'], { cwd });
    expect(existsSync(mark())).toBe(true);
  });

  test.each([
    ['bunfig.toml', '[install.security]\nscanner = "./evil.js"\n', 'install.security'],
    ['bunfig.toml', '[install]\n"re\\u0067istry" = "http://127.0.0.1:9/"\n', 'install.registry'],
    ['bunfig.toml', 'install.scopes.x = "http://127.0.0.1:9/"\n', 'install.scopes'],
    ['bunfig.toml', 'preload = ["./evil.js"]\n', 'preload'],
    ['bunfig.toml', '[', 'settings that tarwarden cannot read'],
    ['.npmrc', 'registry=http://127.0.0.1:9/\n', 'registry'],
    ['.npmrc', '"@x:registry"=$X\n', '@x:registry'],
  ])('%s with %j is refused', async (name, text, settings) => {
    above('package.json', WORKSPACE, 0);
    above(name, text);
    expectRefused(await guarded(bench, ['install'], { cwd }), name, settings);
    expectRefused(await guarded(bench, ['add', SUBJECT], { cwd }), name, settings);
    expectRefused(await guarded(bench, [SUBJECT], { cwd, command: 'bunx' }), name, settings);
  });

  test.each([
    ['bunfig.toml', '[install]\nexact = true\nlinker = "hoisted"\n'],
    ['.npmrc', 'save-exact=true\n; registry=http://127.0.0.1:9/\n'],
    ['package.json', '{ "name": "other", "workspaces": ["theirs/*"] }'],
  ])('%s with %j is not', async (name, text) => {
    above('package.json', WORKSPACE, 0);
    above(name, text);
    expect(await guarded(bench, ['install'], { cwd })).toMatchObject({ code: 0 });
  });

  test('a file of root is not, and a project of another user has its own files', async () => {
    above('package.json', WORKSPACE, 0);
    above('bunfig.toml', '[install.scopes]\nx = "http://127.0.0.1:9/"\n', 0);
    expect(await guarded(bench, ['install'], { cwd })).toMatchObject({ code: 0 });
    for (const name of ['package.json', 'bunfig.toml'])
      chownSync(join(bench.sandbox.project, name), MALLORY, MALLORY);
    chownSync(cwd, MALLORY, MALLORY);
    expect(await guarded(bench, ['install'], { cwd })).toMatchObject({ code: 0 });
  });
});
