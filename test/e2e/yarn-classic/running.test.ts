/** Which Yarn runs, and what a repository may do to run another one, or to have the guard forgotten. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { execute, type Result } from '../../support/execute.ts';
import { available, managerFolder, repository } from '../../support/managers.ts';
import { findProgram } from '../../support/programs.ts';
import { tree } from '../../support/sandbox.ts';
import {
  cleanTarball,
  duplicate,
  expectRefused,
  guarded,
  must,
  PROJECT,
  publish,
  scriptsRun,
  SUBJECT,
  unguarded,
  useBench,
} from './guarded.ts';

const bench = useBench();
beforeEach(() => publish(bench, duplicate(bench)));

const inProject = (...path: string[]): string => join(bench.sandbox.project, ...path);
const classic = (...path: string[]): string => join(managerFolder('yarn-1'), ...path);
const rc = (...lines: string[]): void =>
  bench.sandbox.write({ '.yarnrc': `${lines.join('\n')}\n` });

describe('a Yarn of another make', () => {
  test('that is one byte away is not run', async () => {
    const copy = join(bench.sandbox.root, 'copy');
    cpSync(classic(), copy, { recursive: true });
    appendFileSync(join(copy, 'lib/cli.js'), '\n');
    const env = { PATH: [join(copy, 'bin'), bench.sandbox.env['PATH']].join(delimiter) };
    const main = join(repository, 'packages/cli/bin/tarwarden.js');
    const result = await execute(process.execPath, [main, 'yarn', 'install'], {
      cwd: bench.sandbox.project,
      env: { ...bench.sandbox.env, ...env },
    });
    expect(result).toMatchObject({ code: 97 });
    expect(existsSync(inProject('node_modules'))).toBe(false);
  });

  test('whose bundle is a link to something else is found out', async () => {
    const copy = join(bench.sandbox.root, 'copy');
    for (const folder of ['bin', 'lib']) mkdirSync(join(copy, folder), { recursive: true });
    cpSync(classic('package.json'), join(copy, 'package.json'));
    cpSync(classic('bin/yarn.js'), join(copy, 'bin/yarn.js'));
    writeFileSync(join(copy, 'other.js'), 'console.log("other"); exports.autoRun = true;\n');
    symlinkSync(join(copy, 'other.js'), join(copy, 'lib/cli.js'));
    rc(`yarn-path "${join(copy, 'bin/yarn.js')}"`);
    expect((await guarded(bench, ['install'])).code).toBe(98);
  });

  test('that a project has among its packages is guarded, or not run', async () => {
    cpSync(classic(), inProject('node_modules/yarn'), { recursive: true });
    const go = `node node_modules/yarn/bin/yarn.js add ${SUBJECT} --registry ${bench.registry.url}`;
    bench.sandbox.write({ 'package.json': { ...PROJECT, scripts: { go } } });
    expectRefused(bench, await guarded(bench, ['run', 'go']));
    appendFileSync(inProject('node_modules/yarn/lib/cli.js'), '\n');
    const result = await guarded(bench, ['run', 'go']);
    expect(result.code).toBe(97);
    expect(scriptsRun(bench)).toEqual([]);
  });

  test('that a script runs by another name is guarded, or not run', async () => {
    cpSync(classic('lib/cli.js'), inProject('tool.js'));
    const go = `node tool add ${SUBJECT} --registry ${bench.registry.url}`;
    bench.sandbox.write({ 'package.json': { ...PROJECT, scripts: { go } } });
    expectRefused(bench, await guarded(bench, ['run', 'go']));
    appendFileSync(inProject('tool.js'), '\n');
    expect((await guarded(bench, ['run', 'go'])).code).toBe(97);
  });
});

const corepack = findProgram('corepack');

test.skipIf(corepack === undefined)('corepack’s copy is guarded', async () => {
  const { sandbox } = bench;
  const kept = join(sandbox.root, 'corepack/v1/yarn/1.22.22');
  mkdirSync(kept, { recursive: true });
  cpSync(classic(), kept, { recursive: true, dereference: true });
  const bin = { yarn: './bin/yarn.js', yarnpkg: './bin/yarn.js' };
  const note = { locator: { name: 'yarn', reference: '1.22.22' }, bin, hash: 'sha512.00' };
  writeFileSync(join(kept, '.corepack'), JSON.stringify(note));
  sandbox.write({ 'package.json': { ...PROJECT, packageManager: 'yarn@1.22.22' } });
  const folder = join(sandbox.root, 'corepack-commands');
  mkdirSync(folder);
  const args = ['enable', '--install-directory', folder, 'yarn'];
  await must(execute(corepack ?? '', args, { cwd: sandbox.root, env: sandbox.env }));
  const env = {
    ...sandbox.env,
    COREPACK_HOME: join(sandbox.root, 'corepack'),
    PATH: [folder, sandbox.env['PATH']].join(delimiter),
  };
  const main = join(repository, 'packages/cli/bin/tarwarden.js');
  const yarn = async (...rest: string[]): Promise<Result> =>
    execute(process.execPath, [main, 'yarn', ...rest], { cwd: sandbox.project, env });
  expectRefused(bench, await yarn('add', SUBJECT));
  publish(bench, cleanTarball(bench));
  expect(await yarn('add', SUBJECT)).toMatchObject({ code: 0 });
});

describe('a repository', () => {
  test.each(['node_modules', 'node_modules/@scope', 'yarn.lock'])(
    'does not lead an install out of it by a link at %s',
    async (name) => {
      publish(bench, cleanTarball(bench));
      const outside = join(bench.sandbox.root, 'outside');
      mkdirSync(outside);
      mkdirSync(inProject(name, '..'), { recursive: true });
      symlinkSync(outside, inProject(name));
      const before = tree(outside);
      const result = await guarded(bench, ['add', SUBJECT]);
      expect(result.code).not.toBe(0);
      expect(tree(outside)).toEqual(before);
      expect(scriptsRun(bench)).toEqual([]);
    },
  );
});

describe('compiled code in a temporary folder that others can write to', () => {
  const kept = (): string[] => readdirSync(join(bench.sandbox.root, 'shared'));
  beforeEach(() => mkdirSync(join(bench.sandbox.root, 'shared')));

  test.each(['yarn --version', 'env -u NODE_OPTIONS -u DISABLE_V8_COMPILE_CACHE yarn --version'])(
    'is not used by a Yarn, nor by that of a script: %s',
    async (go) => {
      const env = { TMPDIR: join(bench.sandbox.root, 'shared') };
      bench.sandbox.write({ 'package.json': { ...PROJECT, scripts: { go } } });
      await must(guarded(bench, ['run', 'go'], { env }));
      expect(kept().filter((name) => name.startsWith('v8-compile-cache'))).toEqual([]);
      await must(unguarded(bench, ['run', 'go'], { env }));
      expect(kept().filter((name) => name.startsWith('v8-compile-cache'))).toHaveLength(1);
    },
  );
});

describe('what is not an install', () => {
  test.each([
    [['--version'], /^1\.22\.22\n$/],
    [['config', 'get', 'version-tag-prefix'], /^v\n$/],
    [['cache', 'dir'], /v6\n$/],
  ])('yarn %j is what it was', async (args, printed) => {
    const [alone, with_] = [await unguarded(bench, args), await guarded(bench, args)];
    expect(with_).toEqual(alone);
    expect(with_.stdout).toMatch(printed);
  });

  test.each([
    ['check', '--integrity'],
    ['check', '--verify-tree'],
    ['list'],
    ['autoclean', '--init'],
  ])('yarn %s works after an install', async (...args) => {
    await must(guarded(bench, ['install']));
    expect(await guarded(bench, args)).toMatchObject({ code: 0 });
  });

  test('yarn import inspects what it fetches', async () => {
    bench.sandbox.write({ 'package.json': { ...PROJECT, dependencies: {} } });
    const url = bench.registry.file('subject.tgz', duplicate(bench));
    bench.sandbox.write({ 'package.json': { ...PROJECT, dependencies: { [SUBJECT]: url } } });
    bench.sandbox.write({
      'package-lock.json': {
        name: 'project',
        version: '1.0.0',
        lockfileVersion: 1,
        dependencies: { [SUBJECT]: { version: url } },
      },
    });
    const result = await guarded(bench, ['import']);
    expect(result.code).not.toBe(0);
    expect(existsSync(inProject('yarn.lock'))).toBe(false);
  });
});

test.skipIf(!available('yarn-1', 'node-24').ok)('a newer Node makes no difference', async () => {
  expectRefused(bench, await guarded(bench, ['add', SUBJECT], { node: 'node-24' }));
  publish(bench, cleanTarball(bench));
  const clean = await guarded(bench, ['add', SUBJECT], { node: 'node-24' });
  expect(clean).toMatchObject({ code: 0 });
});

test('a setting keeps scripts from running', async () => {
  publish(bench, cleanTarball(bench));
  rc('ignore-scripts true');
  await must(guarded(bench, ['add', SUBJECT]));
  await must(guarded(bench, ['install', '--force']));
  expect(scriptsRun(bench)).toEqual([]);
});

test('Plug’n’Play runs what was inspected', async () => {
  bench.sandbox.write({
    'package.json': {
      ...PROJECT,
      dependencies: { [SUBJECT]: '1.0.0' },
      installConfig: { pnp: true },
    },
  });
  expect((await guarded(bench, ['install'])).code).toBe(1);
  expect(scriptsRun(bench)).toEqual([]);
  publish(bench, cleanTarball(bench));
  await must(guarded(bench, ['install']));
  expect(existsSync(inProject('.pnp.js'))).toBe(true);
  bench.sandbox.write({ 'use.js': `require('${SUBJECT}/package.json'); console.log('used');\n` });
  expect((await must(guarded(bench, ['node', 'use.js']))).stdout).toContain('used');
});
