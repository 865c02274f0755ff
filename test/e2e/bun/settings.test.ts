/** What a repository may bring along to have bun install something unseen, or run something of its own. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { available, type Result } from '../../support/managers.ts';
import {
  cleanTarball,
  forget,
  guarded,
  hasLanded,
  hostile,
  installed,
  publish,
  SUBJECT,
  writeProject,
  useBench,
  type Files,
} from './guarded.ts';
import { removeAll } from './roads.ts';

describe.skipIf(!available('bun').ok)('bun', () => {
  const bench = useBench();
  let mark: string;
  beforeEach(() => {
    mark = join(bench.sandbox.root, 'mark');
  });

  const project = (files: Files = {}, fields: object = {}): void =>
    writeProject(bench, files, fields);
  const code = (): string =>
    `require('node:fs').appendFileSync(${JSON.stringify(mark)}, 'ran\\n'); exports.scanner = { version: '1', scan: async () => [] };\n`;

  /** A clean package of the same name and version, of which bun does not remember what the registry said before. */
  const publishAnew = (): void => {
    publish(bench, cleanTarball());
    removeAll(bench);
  };

  function expectRefused(result: Result): void {
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    expect(hasLanded(bench)).toBe(false);
  }

  const loads: readonly (readonly [string, () => Files])[] = [
    ['preload in bunfig.toml', () => ({ 'bunfig.toml': 'preload = ["./x.cjs"]\n' })],
    ['BUN_OPTIONS in .env', () => ({ '.env': 'BUN_OPTIONS="--preload ./x.cjs"\n' })],
    ['BUN_INSPECT_PRELOAD in .env', () => ({ '.env': 'BUN_INSPECT_PRELOAD=./x.cjs\n' })],
    ['NODE_OPTIONS in .env', () => ({ '.env': 'NODE_OPTIONS="--require ./x.cjs"\n' })],
    [
      'define in bunfig.toml',
      () => ({ 'bunfig.toml': '[define]\nconnect = "scan"\n"process.env" = "{}"\n' }),
    ],
    ...['*', '/*', 'data:*', 'node:net'].map((one): readonly [string, () => Files] => [
      `the path ${one} in tsconfig.json`,
      () => ({
        'tsconfig.json': { compilerOptions: { baseUrl: '.', paths: { [one]: ['./x.cjs'] } } },
      }),
    ]),
  ];

  test.each(loads)('runs nothing of the project in the scanner: %s', async (_, files) => {
    publish(bench, hostile);
    project({ ...files(), 'x.cjs': code() });
    expectRefused(await guarded(bench, ['install', '--ignore-scripts']));
    expectRefused(await guarded(bench, ['add', SUBJECT, '--ignore-scripts']));
    expect(existsSync(mark)).toBe(false);
  });

  test.each([
    ['[install.cache]\ndisable = true\n'],
    ['[install.cache]\ndir = "./cache"\n'],
    ['[install]\nglobalStore = true\nlinker = "isolated"\n'],
    ['[install]\nfrozenLockfile = false\nauto = "force"\n'],
    ['[install.security]\nscanner = ""\n'],
  ])('no setting of bunfig.toml has it install unseen: %j', async (text) => {
    publish(bench, hostile);
    project({ 'bunfig.toml': text });
    expectRefused(await guarded(bench, ['install']));
    publishAnew();
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(installed(bench), 'index.js'), 'utf8')).toContain('ran');
  });

  test.each([
    'XDG_CONFIG_HOME=/nowhere\nHOME=/nowhere\n',
    'BUN_INSTALL_CACHE_DIR=./cache\nBUN_INSTALL=./cache\n',
    'BUN_INSTALL_GLOBAL_STORE=1\nBUN_CONFIG_SKIP_LOAD_LOCKFILE=1\n',
    'BUN_CONFIG_NO_VERIFY=1\nBUN_CONFIG_SKIP_SAVE_LOCKFILE=1\n',
    'TARWARDEN_BUN_SOCKET=/nowhere\nTARWARDEN_BUN_TOKEN=x\nTARWARDEN_MODE=report\n',
  ])('no .env has it install unseen: %j', async (text) => {
    publish(bench, hostile);
    project({ '.env': text, '.env.local': text });
    expectRefused(await guarded(bench, ['install']));
  });

  test('an install reads no .env, and bun run does', async () => {
    publish(bench, cleanTarball());
    const lines = ['BUN_CONFIG_REGISTRY', 'npm_config_registry', 'BUN_INSPECT_CONNECT_TO'].map(
      (one) => `${one}=http://127.0.0.1:9/\n`,
    );
    project(
      { '.env': `${lines.join('')}SAID=hello\n`, 'x.ts': 'console.log("said", process.env.SAID);' },
      { scripts: { go: 'bun x.ts' } },
    );
    for (const args of [['install'], ['add', SUBJECT], ['add', '-g', SUBJECT]])
      // oxlint-disable-next-line no-await-in-loop
      expect(await guarded(bench, args)).toMatchObject({ code: 0 });
    for (const args of [['run', 'go'], ['x.ts']])
      // oxlint-disable-next-line no-await-in-loop
      expect((await guarded(bench, args)).stdout).toContain('said hello');
  });

  test('bun compares with bun.lock whatever the environment says', async () => {
    publish(bench, cleanTarball());
    project();
    const env = { BUN_CONFIG_NO_VERIFY: '1', BUN_OPTIONS: '--no-env-file' };
    expect(await guarded(bench, ['install'], { env })).toMatchObject({ code: 0 });
    for (const own of ['--no-verify', '--env-file=.env']) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await guarded(bench, ['install'], { env: { BUN_OPTIONS: own } });
      expect(result.code).toBe(97);
      expect(result.stderr).toContain('BUN_OPTIONS has');
    }
  });

  test.each([
    [{ overrides: { wanted: `npm:${SUBJECT}@1.0.0` } }],
    [{ resolutions: { wanted: `npm:${SUBJECT}@1.0.0` } }],
  ])('what %j brings is inspected', async (fields) => {
    publish(bench, hostile);
    bench.registry.publish({ name: 'wanted' });
    project({}, { dependencies: { wanted: '1.0.0' }, ...fields });
    const result = await guarded(bench, ['install']);
    expect(result.code).not.toBe(0);
    expect(hasLanded(bench, 'wanted')).toBe(false);
  });

  test('a patched package is the inspected one with the patch', async () => {
    publish(bench, cleanTarball());
    project();
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(await guarded(bench, ['patch', SUBJECT])).toMatchObject({ code: 0 });
    writeFileSync(join(installed(bench), 'new.js'), '');
    const commit = await guarded(bench, ['patch', '--commit', `node_modules/${SUBJECT}`]);
    expect(commit).toMatchObject({ code: 0 });
    forget(bench);
    expect(await guarded(bench, ['install'])).toMatchObject({ code: 0 });
    expect(existsSync(join(installed(bench), 'new.js'))).toBe(true);
  });

  test.each([
    [['install', '--config=other.toml'], /another bunfig/],
    [['pm', 'fetch'], /asks no scanner/],
    [['create', 'owner/repo'], /asks no scanner/],
    [['upgrade'], /is not a package/],
    [['install', '--backend', 'symlink'], /--backend symlink/],
    [['install', '--no-verify'], /--no-verify/],
  ])('%j is not run', async (args, why) => {
    project();
    const result = await guarded(bench, args);
    expect(result.code).toBe(97);
    expect(result.stderr).toMatch(why);
    expect(result.stdout).toBe('');
  });

  test.each([
    ['node_modules', {}],
    ['one/node_modules', { workspaces: ['one'] }],
    ['some/one/node_modules', { workspaces: ['some/*'] }],
  ])('is not run where %s is a link out of the project', async (path, fields) => {
    publish(bench, cleanTarball());
    const folder = dirname(path);
    const manifest = { name: 'one', dependencies: { [SUBJECT]: '1.0.0' } };
    project(folder === '.' ? {} : { [`${folder}/package.json`]: manifest }, fields);
    const outside = join(bench.sandbox.root, 'outside');
    mkdirSync(outside);
    symlinkSync(outside, join(bench.sandbox.project, path));
    const result = await guarded(bench, ['install']);
    expect(result.code).toBe(97);
    expect(result.stderr).toContain('node_modules');
    expect(readdirSync(outside)).toEqual([]);
  });

  test('an install that a script starts elsewhere does not get the settings of this project', async () => {
    publish(bench, cleanTarball());
    const inner = { name: 'inner', dependencies: { [SUBJECT]: '1.0.0' } };
    const postinstall = 'cd inner && bun install';
    const install = (files: Files): Promise<Result> => {
      forget(bench);
      project(
        { 'inner/package.json': inner, ...files },
        { dependencies: {}, scripts: { postinstall } },
      );
      return guarded(bench, ['install']);
    };
    expect(await install({})).toMatchObject({ code: 0 });
    for (const file of ['inner/bunfig.toml', 'bunfig.toml']) {
      // oxlint-disable-next-line no-await-in-loop
      const result = await install({ [file]: '[install]\nexact = true\n' });
      expect(result.code).toBe(1);
      expect(result.stderr).toContain('run that install by itself');
    }
  });

  test('a folder that the workspaces around it do not name has its own settings', async () => {
    publish(bench, cleanTarball());
    const manifest = { name: 'x', dependencies: { [SUBJECT]: '1.0.0' } };
    project(
      { 'examples/x/package.json': manifest, 'bunfig.toml': '[install]\nexact = true\n' },
      { workspaces: ['packages/*'] },
    );
    const cwd = join(bench.sandbox.project, 'examples/x');
    expect(await guarded(bench, ['install'], { cwd })).toMatchObject({ code: 0 });
    expect(existsSync(join(cwd, 'node_modules', SUBJECT))).toBe(true);
    const outside = join(bench.sandbox.root, 'outside');
    forget(bench);
    rmSync(join(cwd, 'node_modules'), { recursive: true });
    mkdirSync(outside);
    symlinkSync(outside, join(cwd, 'node_modules'));
    expect((await guarded(bench, ['install'], { cwd })).code).toBe(97);
    expect(readdirSync(outside)).toEqual([]);
  });

  test('a package.json that cannot be read is not guessed at', async () => {
    bench.sandbox.write({ 'package.json': '{ "workspaces": [' });
    const result = await guarded(bench, ['install']);
    expect(result.code).toBe(97);
    expect(result.stderr).toContain('package.json cannot be read');
  });

  test('--cwd installs there, with the settings from there', async () => {
    publish(bench, cleanTarball());
    const own = { 'package.json': { name: 'there', dependencies: { [SUBJECT]: '1.0.0' } } };
    bench.sandbox.write({
      'there/package.json': own['package.json'],
      'there/bunfig.toml': '[install]\nlinker = "isolated"\n',
    });
    expect(await guarded(bench, ['install', '--cwd', 'there'])).toMatchObject({ code: 0 });
    expect(existsSync(join(bench.sandbox.project, 'there/node_modules/.bun'))).toBe(true);
    publish(bench, hostile);
    removeAll(bench);
    bench.sandbox.write({ 'more/package.json': own['package.json'] });
    expect((await guarded(bench, ['--cwd=more', 'install'])).code).toBe(1);
    expect(existsSync(join(bench.sandbox.project, 'more/node_modules', SUBJECT))).toBe(false);
  });

  test('a binary lockfile is not read, and that is said', async () => {
    project({ 'bun.lockb': 'binary' });
    const result = await guarded(bench, ['install']);
    expect(result.code).toBe(97);
    expect(result.stderr).toContain('bun install --save-text-lockfile');
  });

  test('a trusted package runs its script, and an install in it is guarded', async () => {
    publish(bench, hostile);
    const inner = JSON.stringify({ name: 'inner', dependencies: { [SUBJECT]: '1.0.0' } });
    const postinstall = `mkdir -p inner && echo '${inner}' > inner/package.json && cd inner && bun install; true`;
    bench.registry.publish({ name: 'trusted', manifest: { scripts: { postinstall } } });
    project({}, { dependencies: { trusted: '1.0.0' }, trustedDependencies: ['trusted'] });
    const result = await guarded(bench, ['install']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`tarwarden: refused ${SUBJECT}@1.0.0`);
    const there = join(installed(bench, 'trusted'), 'inner/node_modules', SUBJECT);
    expect(existsSync(there)).toBe(false);
  });

  test('what runs programs is passed on', async () => {
    project(
      { 'x.ts': 'console.log("hello", process.argv.length);' },
      { scripts: { go: 'bun x.ts' } },
    );
    expect((await guarded(bench, ['run', 'go'])).stdout).toContain('hello 2');
    expect((await guarded(bench, ['x.ts', '--config=1'])).stdout).toContain('hello 3');
    expect((await guarded(bench, ['--version'])).stdout).toMatch(/^1\.\d+\.\d+/);
    expect(await guarded(bench, ['run', 'missing'])).toMatchObject({ code: 1 });
  });
});
