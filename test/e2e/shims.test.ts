/** What `tarwarden shims` writes: every manager behind it is guarded, or is not run. */
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { execute, type Result } from '../support/execute.ts';
import { putFile } from '../support/put-file.ts';
import { managerFolder, npms, pnpms, type ManagerName } from '../support/managers.ts';
import { expectVerified, has, makeCaller, PLUGIN, TARWARDEN, type Caller } from './verify/world.ts';

/** What is written where nothing is named, and the rest. */
const BY_DEFAULT = ['npm', 'npx', 'pnpm', 'pnpx', 'yarn', 'yarnpkg'];
const NAMED = ['bun', 'bundle', 'bundler', 'bunx', 'gem', 'go', 'pip', 'pip3', 'python', 'python3'];
const GREEN = { code: 0, status: 'guarded', reason: 'refused' };

/** What a shell runs of a command in the caller's project. */
const typed = async ({ sandbox, env }: Caller, command: string): Promise<Result> =>
  execute('/bin/sh', ['-c', command], { cwd: sandbox.project, env });

const shims = async ({ sandbox, env }: Caller, ...args: string[]): Promise<Result> =>
  execute(process.execPath, [TARWARDEN, 'shims', ...args], { cwd: sandbox.root, env });

describe('behind a shim', () => {
  const all: readonly ManagerName[] = [...npms, ...pnpms, 'yarn-1', 'yarn-3', 'yarn-4'];
  it.each(all.filter(has))('%s is guarded', async (name) => {
    const caller = makeCaller(name);
    await caller.shims();
    const [manager = ''] = name.split('-');
    await expectVerified(caller, manager === 'npm' ? ['npm', 'npx'] : [manager], GREEN);
  });

  it('Yarn is guarded whose project chooses it and has a plugin of its own', async () => {
    const caller = makeCaller('yarn-1');
    await caller.shims();
    const yarnPath = join(managerFolder('yarn-4'), 'bin/yarn.js');
    caller.sandbox.write({
      '.yarnrc.yml': `yarnPath: ${JSON.stringify(yarnPath)}\nplugins: [${JSON.stringify(PLUGIN)}]\ntarwardenRequired: true\n`,
    });
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it('Yarn is guarded whose project requires the plugin and does not bring it', async () => {
    const caller = makeCaller('yarn-4');
    await caller.shims();
    caller.sandbox.write({ '.yarnrc.yml': 'tarwardenRequired: true\n' });
    await expectVerified(caller, ['yarn'], GREEN);
  });

  it('a Yarn 1 whose bytes nobody knows is not run', async () => {
    const caller = makeCaller('yarn-1');
    const copy = join(caller.sandbox.root, 'yarn');
    cpSync(managerFolder('yarn-1'), copy, { recursive: true });
    appendFileSync(join(copy, 'lib/cli.js'), '// mine\n');
    caller.sandbox.command('yarn', join(copy, 'bin/yarn.js'));
    caller.env['PATH'] = caller.sandbox.bin;
    await caller.shims();
    await expectVerified(caller, ['yarn'], { code: 2, status: 'unproven', reason: 'failed' });
    const { code, stderr } = await typed(caller, 'yarn install');
    expect({ code, stderr }).toEqual({
      code: 97,
      stderr: expect.stringMatching(/Yarn 1\.22\.22 .* cannot be guarded: its bytes/) as string,
    });
    expect(readdirSync(caller.sandbox.project)).toEqual(['package.json']);
  });

  it('a Yarn that loads no plugin does not end with success', async () => {
    const caller = makeCaller('yarn-4');
    await caller.shims();
    const script = 'console.log(process.argv[2] === "--version" ? "4.9.9" : "installed");\n';
    caller.sandbox.write({ 'fake.js': script, '.yarnrc.yml': 'yarnPath: ./fake.js\n' });
    expect(await typed(caller, 'yarn install')).toMatchObject({ code: 98, stdout: 'installed\n' });
  });

  it.each(['yarn --version', 'yarn config get nodeLinker', 'yarnpkg --version'])(
    '%s is what it was',
    async (command) => {
      const caller = makeCaller('yarn-4');
      caller.sandbox.write({ 'yarn.lock': '' });
      const folder = await caller.shims();
      if (command.startsWith('yarnpkg')) caller.inFront('yarnpkg', '#!/bin/sh\nexit 9\n');
      caller.env['PATH'] = [folder, caller.env['PATH']].join(delimiter);
      const { code, stdout } = await typed(caller, command);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^(?:4\.\d+\.\d+|pnp)\n$/);
    },
  );

  it('a manager keeps arguments, input and exit code', async () => {
    const caller = makeCaller('npm-10');
    caller.inFront('npm', '#!/bin/sh\nfor one in "$@"; do echo "[$one]"; done\ncat\nexit 7\n');
    await caller.shims();
    const result = await typed(caller, `echo in | npm 'a b' '' '$x' --prefix "it's"`);
    // The script is no npm, so that no guard is in it: its own failure stands.
    expect(result).toMatchObject({ code: 7, stdout: "[a b]\n[]\n[$x]\n[--prefix]\n[it's]\nin\n" });
  });

  it('a manager that a script of a manager calls is guarded as well', async () => {
    const caller = makeCaller('npm-10');
    const scripts = { outer: 'npm run inner', inner: 'npm --version' };
    caller.sandbox.write({ 'package.json': { name: 'p', version: '1.0.0', scripts } });
    await caller.shims();
    await caller.shims();
    expect(await typed(caller, 'npm run -s outer')).toMatchObject({ code: 0 });
  });
});

describe('a shim runs nothing', () => {
  it.each([...BY_DEFAULT, ...NAMED])('where there is no %s behind it', async (name) => {
    const caller = makeCaller('npm-10');
    const folder = join(caller.sandbox.root, 'one shim');
    expect(await shims(caller, '--manager', name, folder)).toMatchObject({ code: 0 });
    caller.env['PATH'] = [folder, caller.sandbox.bin].join(delimiter);
    const { code, stderr } = await typed(caller, `${name} install`);
    expect({ code, stderr }).toEqual({
      code: 127,
      stderr: expect.stringMatching(/^tarwarden: there is no /) as string,
    });
  });

  /** Has a shim name a file that is not there. */
  function breakShim(folder: string, line: RegExp): void {
    const file = join(folder, 'npm');
    const broken = (text: string): string => text.replace(/'.*'/, "'/nowhere/x'");
    writeFileSync(file, readFileSync(file, 'utf8').replace(line, broken));
  }

  it.each([
    ['tarwarden', /^main=.*$/m, 'the command tarwarden is gone'],
    ['every Node', /^node=.*$/m, 'tarwarden needs Node 20 or newer'],
  ])('where %s is gone, and says what to do', async (name, line, reason) => {
    const caller = makeCaller('npm-10');
    const behind = await caller.shims();
    const folder = await caller.shims();
    for (const shimFolder of [behind, folder]) breakShim(shimFolder, line);
    const real = caller.inFront('npm', '#!/bin/sh\necho unguarded\n');
    // Nothing but what is built into the shell. An old Node does not count.
    caller.inFront('node', '#!/bin/sh\necho v18.20.8\n');
    const path = [folder, behind, '.', '', real, ...(caller.env['PATH'] ?? '').split(delimiter, 1)];
    if (name === 'tarwarden') path.length -= 1;
    const env = { ...caller.env, PATH: path.join(delimiter) };
    const result = await execute('/bin/sh', ['-c', 'npm install'], {
      cwd: caller.sandbox.project,
      env,
    });
    expect(result).toMatchObject({ code: 97, stdout: '' });
    expect(result.stderr).toMatch(`tarwarden: npm was not started: ${reason}`);
    expect(result.stderr).toMatch(`  to remove the guard: rm -r '${folder}'\n`);
    expect(result.stderr).toMatch('delete the line with "# tarwarden setup: this line"');
    expect(result.stderr).toMatch(`  to run npm without the guard meanwhile: ${real}/npm\n`);
  });

  it('where tarwarden has moved, and names the one on the PATH', async () => {
    const caller = makeCaller('npm-10');
    const planted = caller.inFront('x', '');
    putFile(join(planted, 'node_modules/.bin/tarwarden'), '#!/bin/sh\n');
    chmodSync(join(planted, 'node_modules/.bin/tarwarden'), 0o755);
    caller.env['PATH'] = [join(planted, 'node_modules/.bin'), caller.env['PATH']].join(delimiter);
    const folder = await caller.shims();
    breakShim(folder, /^main=.*$/m);
    expect((await typed(caller, 'npm install')).stderr).toMatch(
      'install tarwarden with the npm below, and run: tarwarden setup',
    );
    const moved = caller.inFront('tarwarden', '#!/bin/sh\n');
    caller.env['PATH'] = [folder, caller.env['PATH']].join(delimiter);
    const { code, stderr } = await typed(caller, 'npm install');
    expect(code).toBe(97);
    expect(stderr).toMatch(`to have the guard again: ${moved}/tarwarden setup\n`);
  });

  it('where what is behind it calls it again', async () => {
    const caller = makeCaller('npm-10');
    caller.inFront('npm', '#!/bin/sh\nexec npm "$@"\n');
    await caller.shims();
    const { code, stderr } = await typed(caller, 'TARWARDEN_SHIM_DEPTH=28 npm install');
    expect(code).toBe(97);
    expect(stderr).toMatch(/leads back to it/);
  });
});

describe('tarwarden shims', () => {
  it('writes again over its own, in a folder of any name, and leaves nothing else there', async () => {
    const caller = makeCaller('npm-10');
    const folder = join(caller.sandbox.root, "a folder's $(name)");
    for (const _ of [1, 2])
      expect(await shims(caller, folder)).toMatchObject({ code: 0, stdout: `${folder}\n` });
    expect(readdirSync(folder).toSorted()).toEqual(BY_DEFAULT);
    caller.env['PATH'] = [folder, caller.env['PATH']].join(delimiter);
    expect(await typed(caller, 'npm --version')).toMatchObject({ code: 0 });
  });

  it('writes the ones that are named', async () => {
    const caller = makeCaller('npm-10');
    expect(await shims(caller, '--manager', 'npx', '--manager=npm', 'some')).toMatchObject({
      code: 0,
    });
    expect(readdirSync(join(caller.sandbox.root, 'some'))).toEqual(['npm', 'npx']);
  });

  it('writes over nothing that is not its own', async () => {
    const caller = makeCaller('npm-10');
    const file = join(caller.sandbox.bin, 'pnpm');
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o755);
    const { code, stdout, stderr } = await shims(caller, caller.sandbox.bin);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/was not made by tarwarden; nothing was written/);
    expect(readFileSync(file, 'utf8')).toBe('#!/bin/sh\n');
    expect(existsSync(join(caller.sandbox.bin, 'npm'))).toBe(false);
  });

  it('writes nothing into a folder that is a link', async () => {
    const caller = makeCaller('npm-10');
    const { root } = caller.sandbox;
    mkdirSync(join(root, 'mine'));
    symlinkSync('mine', join(root, 'link'));
    const { code, stdout, stderr } = await shims(caller, 'link');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/is a link: remove it/);
    expect(readdirSync(join(root, 'mine'))).toEqual([]);
  });

  it('writes through no link that lies under the name of a shim', async () => {
    const caller = makeCaller('npm-10');
    const { root } = caller.sandbox;
    mkdirSync(join(root, 'shims'));
    symlinkSync('../elsewhere', join(root, 'shims', 'npm'));
    const { code, stderr } = await shims(caller, 'shims');
    expect({ code, elsewhere: existsSync(join(root, 'elsewhere')) }).toEqual({
      code: 2,
      elsewhere: false,
    });
    expect(stderr).toMatch(/npm was not written: it is not a regular file/);
  });

  it.each([[[]], [['a', 'b']], [['a:b']], [['--manager', 'uv', 'a']]])(
    '%j is a mistake',
    async (args) => {
      expect(await shims(makeCaller('npm-10'), ...args)).toMatchObject({ code: 2, stdout: '' });
    },
  );
});
