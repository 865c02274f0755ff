/** Settings in folders above the project, and a cache in the temporary folder: another user of the machine may have put them there. */
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { guarded, must, scriptsRun, unguarded, useBench, type Options } from './guarded.ts';

const bench = useBench();

/** A user that no machine knows. */
const MALLORY = 54_322;
const above = (name: string): string => join(bench.sandbox.root, name);
const install = (args: readonly string[] = [], options: Options = {}): ReturnType<typeof guarded> =>
  guarded(bench, ['install', ...args], options);

/** Settings above the project that name a mirror there; of another user unless told otherwise. */
function put(name: string, { uid = MALLORY, mode = 0o644 } = {}): string {
  const file = above(name);
  const [key, value] =
    name === '.npmrc' ? ['yarn-offline-mirror=', './m'] : ['yarn-offline-mirror ', '"./m"'];
  writeFileSync(file, name.endsWith('.yml') ? 'yarnPath: ./evil.js\n' : `${key}${value}\n`);
  writeFileSync(above('evil.js'), 'console.log("ran")');
  chownSync(file, uid, uid);
  chmodSync(file, mode);
  return file;
}

async function expectRefused(what: string, said: string): Promise<void> {
  const result = await install();
  expect(result).toMatchObject({ code: 97 });
  expect(result.stdout).not.toMatch(/ran|Resolving/);
  expect(result.stderr).toContain(`${what} ${said}`);
  expect(existsSync(above('m'))).toBe(false);
  expect(scriptsRun(bench)).toEqual([]);
}

describe.skipIf(process.getuid?.() !== 0)('settings above the project', () => {
  test.each(['.yarnrc', '.yarnrc.yml', '.npmrc'])('of another user stop Yarn: %s', async (name) => {
    await expectRefused(put(name), 'belongs to uid 54322');
  });

  test.each([0o666, 0o664])('that another user may write stop Yarn: %o', async (mode) => {
    const file = put('.yarnrc', { uid: 0, mode });
    chownSync(file, 0, MALLORY);
    await expectRefused(file, 'can be written by');
  });

  test('by a link of another user stop Yarn', async () => {
    const file = put('rc', { uid: 0 });
    symlinkSync(file, above('.yarnrc'));
    await must(install());
    lchownSync(above('.yarnrc'), MALLORY, MALLORY);
    expect((await install()).code).toBe(97);
  });

  test('are taken by Yarn alone', async () => {
    put('.yarnrc');
    await must(unguarded(bench, ['install']));
    expect(existsSync(above('m'))).toBe(true);
  });

  test('of root, and of the owner of the project, hold', async () => {
    put('.yarnrc', { uid: 0 });
    put('.npmrc', { uid: 0 });
    await must(install());
    put('.yarnrc');
    chownSync(bench.sandbox.project, MALLORY, MALLORY);
    await must(install(['--force']));
    await must(install(['--force', '--cwd', bench.sandbox.project], { cwd: bench.sandbox.root }));
    expect(existsSync(above('m'))).toBe(true);
  });

  test('of a folder that others may write to as well as to the project hold', async () => {
    const file = put('.yarnrc', { uid: 0, mode: 0o664 });
    chownSync(file, 0, MALLORY);
    chownSync(bench.sandbox.project, 0, MALLORY);
    chmodSync(bench.sandbox.project, 0o775);
    expect(await install()).toMatchObject({ code: 0 });
  });

  test('that are named, by the home folder or an option, hold', async () => {
    put('.yarnrc');
    await must(install(['--use-yarnrc', above('.yarnrc')]));
    const env = { HOME: bench.sandbox.root };
    expect(await install(['--force'], { env })).toMatchObject({ code: 0 });
  });
});

describe.skipIf(process.getuid?.() !== 0)('the cache that Yarn falls back to', () => {
  const fallback = (): string => join(bench.sandbox.env['TMPDIR']!, '.yarn-cache-0');
  /** No folder can be made where Yarn would have it. */
  const env = (): NodeJS.ProcessEnv => {
    writeFileSync(above('file'), '');
    const nowhere = above('file');
    return { YARN_CACHE_FOLDER: undefined, XDG_CACHE_HOME: nowhere };
  };

  test('is used if it is our own', async () => {
    await must(install([], { env: env() }));
    expect(existsSync(fallback())).toBe(true);
  });

  test.each([
    [MALLORY, 0o755],
    [0, 0o777],
  ])('stops Yarn if it is another user’s: owner %i, mode %o', async (uid, mode) => {
    mkdirSync(fallback());
    chmodSync(fallback(), mode);
    chownSync(fallback(), uid, uid);
    const result = await install([], { env: env() });
    expect(result).toMatchObject({ code: 97 });
    expect(result.stderr).toContain(fallback());
    expect(scriptsRun(bench)).toEqual([]);
    await must(install(['--cache-folder', above('other')], { env: env() }));
  });

  test('is another thing than a folder that a setting names, which may be a group’s', async () => {
    const shared = above('shared');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    chownSync(shared, MALLORY, MALLORY);
    bench.sandbox.write({ '.yarnrc': `cache-folder "${shared}"\n` });
    const env = { YARN_CACHE_FOLDER: undefined };
    expect(await install([], { env })).toMatchObject({ code: 0 });
  });
});
