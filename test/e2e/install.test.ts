/**
 * docs/install.md followed word for word, in an empty home: the clean project installs, the hostile one does not. Then what the
 * pages of the managers say about upgrading and undoing it.
 */
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extract } from 'tar';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attack } from '../support/attacks.ts';
import { execute, type Result } from '../support/execute.ts';
import {
  available,
  envFor,
  managerFolder,
  npmsByGuard,
  pnpmsByHook,
  type ManagerName,
} from '../support/managers.ts';
import { recipe } from '../support/pages.ts';
import { tgz } from '../support/pkg.ts';
import { findProgram } from '../support/programs.ts';
import { startRegistry, type Registry } from '../support/registry.ts';
import { makeRelease } from '../support/release.ts';
import { makeSandbox, type Sandbox } from '../support/sandbox.ts';

const PAGE = 'docs/install.md';
const SUBJECT = 'tarwarden-subject';
const lock = {
  npm: 'npm install',
  pnpm: 'pnpm install --no-frozen-lockfile',
  yarn: 'yarn install --no-immutable',
};

let tarballs: string;
/** Where the command's tarball is unpacked. */
let unpacked: string;
let registry: Registry;
let sandbox: Sandbox;

beforeAll(async () => {
  tarballs = await makeRelease();
  unpacked = mkdtempSync(join(tmpdir(), 'tarwarden-unpacked-'));
  const command = readdirSync(tarballs).find((name) => /^tarwarden-\d.*\.tgz$/.test(name))!;
  await extract({ file: join(tarballs, command), cwd: unpacked });
});
afterAll(() => {
  for (const folder of [tarballs, unpacked]) rmSync(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  registry = await startRegistry();
  sandbox = makeSandbox({ registry: registry.url, ci: true });
  const home = join(sandbox.home, 'tarballs');
  cpSync(tarballs, home, { recursive: true });
  declare('1.0.0');
  const tool = findProgram('sha512sum');
  if (tool !== undefined) sandbox.command('sha512sum', tool);
});
afterEach(async () => {
  sandbox.assertSentinelUntouched();
  sandbox.dispose();
  await registry.close();
});

const project = (): string => join(sandbox.home, 'project');
const isLinked = (): boolean => existsSync(join(project(), 'node_modules', SUBJECT));

/** Makes the project depend on a version, which is hostile from 2.0.0 on. */
function declare(version: '1.0.0' | '2.0.0'): void {
  for (const name of [SUBJECT, `create-${SUBJECT}`]) {
    const hostile = attack('symlink').build({ name, version });
    registry.publish({ name, version, tgz: version === '1.0.0' ? tgz({ name }) : hostile });
  }
  const dependencies = { [SUBJECT]: version };
  const manifest = { name: 'project', version: '1.0.0', private: true, dependencies };
  sandbox.write({ 'package.json': manifest }, project());
}

/** Runs commands as a shell of the user's does, each only if the one before it succeeded. */
async function shell(manager: ManagerName, commands: string, cwd = sandbox.home): Promise<Result> {
  return execute(findProgram('sh') ?? 'sh', ['-eu', '-c', commands], {
    cwd,
    // Without a data folder of another name, as on most machines: the pages name ~/.local/share.
    env: { ...envFor(manager, { sandbox }), XDG_DATA_HOME: undefined },
    timeout: 240_000,
  });
}

/** Follows the page in a project with a lockfile, which must be as it was afterwards. */
async function follow(manager: ManagerName, heading: string, before: string): Promise<void> {
  const prepared = await shell(manager, before, project());
  expect(prepared).toMatchObject({ code: 0 });
  rmSync(join(project(), 'node_modules'), { recursive: true });
  const lockfiles = lockfilesOf(project());
  expect(lockfiles).toHaveLength(1);
  const commands = recipe(PAGE, heading);
  expect(commands).toMatch(/^tarwarden verify --manager \w+( --manager \w+)*\n$/m);
  // Where the page does not install the command, it says that it has to be there.
  const isInstalled = commands.includes('--global ~/tarballs/tarwarden');
  if (!isInstalled) sandbox.command('tarwarden', join(unpacked, 'package/bin/tarwarden.js'));
  const followed = await shell(manager, commands);
  const output = `${followed.stdout}${followed.stderr}`;
  expect([output, followed.code]).toEqual([expect.anything(), 0]);
  const verified = /^tarwarden verify .*$/m.exec(commands)?.[0] ?? '';
  for (const [, name] of verified.matchAll(/--manager (\w+)/g))
    expect(followed.stdout).toMatch(new RegExp(`^guarded +${name} `, 'm'));
  expect(isLinked()).toBe(true);
  expect(lockfilesOf(project())).toEqual(lockfiles);
}

function lockfilesOf(folder: string): string[] {
  const names = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];
  const files = names.map((name) => join(folder, name)).filter((file) => existsSync(file));
  return files.map((file) => readFileSync(file, 'utf8'));
}

/** What the page set up refuses a hostile version, asked for by `command`. */
async function expectRefused(manager: ManagerName, command: string): Promise<void> {
  rmSync(join(project(), 'node_modules'), { recursive: true });
  declare('2.0.0');
  const refused = await shell(manager, command, project());
  expect(refused.code).not.toBe(0);
  expect(refused.stdout + refused.stderr).toContain(`refused ${SUBJECT}@2.0.0`);
  expect(isLinked()).toBe(false);
}

/** The page of a manager, and its headings about what was set up. */
interface Way {
  readonly page: string;
  readonly upgrade?: string;
  readonly undo: string;
  /** The folder that the page means. */
  readonly cwd: string;
}

/** Upgrading leaves the guard in, and undoing takes it out: what was refused is installed then. */
async function expectUndone(manager: ManagerName, command: string, way: Way): Promise<void> {
  const { page, upgrade, undo, cwd } = way;
  const shims = 'export PATH="$HOME/.local/share/tarwarden/shims:$PATH"\n';
  if (upgrade !== undefined) {
    const upgraded = await shell(manager, shims + recipe(page, upgrade), cwd);
    const output = `${upgraded.stdout}${upgraded.stderr}`;
    expect([output, upgraded.code]).toEqual([expect.anything(), 0]);
  }
  const undone = await shell(manager, recipe(page, undo), cwd);
  const output = `${undone.stdout}${undone.stderr}`;
  expect([output, undone.code]).toEqual([expect.anything(), 0]);
  const left = join(sandbox.home, '.local/share/tarwarden');
  expect(existsSync(left) ? readdirSync(left) : []).toEqual([]);
  const unguarded = await shell(manager, command, project());
  expect(unguarded.stdout + unguarded.stderr).not.toContain('tarwarden: refused');
  expect(unguarded.code).toBe(0);
  expect(isLinked()).toBe(true);
}

test('the command comes with its README', () => {
  expect(readFileSync(join(unpacked, 'package/README.md'), 'utf8')).toMatch(/^# tarwarden\n/);
});

test.skipIf(findProgram('sha512sum') === undefined)('the files can be checked', async () => {
  expect(await shell('npm-10', recipe(PAGE, 'Check the files'))).toMatchObject({ code: 0 });
  copyFileSync(
    join(sandbox.home, 'tarballs/SHA512SUMS'),
    join(sandbox.home, 'tarballs/plugin-tarwarden.cjs'),
  );
  expect(await shell('npm-10', recipe(PAGE, 'Check the files'))).toMatchObject({ code: 1 });
});

test.each(npmsByGuard.filter((name) => available(name).ok))('%s', async (name) => {
  await follow(name, 'npm', lock.npm);
  await expectRefused(name, 'tarwarden npm install');
  await expectUndone(name, lock.npm, {
    page: 'docs/managers/npm.md',
    upgrade: 'Upgrade',
    undo: 'Undo',
    cwd: sandbox.home,
  });
});

describe.each(pnpmsByHook.filter((name) => available(name).ok))('%s', (manager) => {
  const page = 'docs/managers/pnpm.md';
  /** The commands are those of all versions, so that older ones try one way, unless `TARWARDEN_E2E_FULL=1` asks for all. */
  const all = manager === 'pnpm-12' || process.env['TARWARDEN_E2E_FULL'] === '1';

  test('the command', async () => {
    await follow(manager, 'pnpm', lock.pnpm);
    await expectRefused(manager, 'tarwarden pnpm install --no-frozen-lockfile');
    await expectUndone(manager, lock.pnpm, {
      page,
      upgrade: 'Upgrade',
      undo: 'Undo',
      cwd: sandbox.home,
    });
  });

  test.runIf(all)('the hook in a repository', async () => {
    await follow(manager, 'pnpm, in a repository', lock.pnpm);
    await expectRefused(manager, lock.pnpm);
    await expectUndone(manager, lock.pnpm, {
      page,
      upgrade: 'Upgrade the hook in a repository',
      undo: 'Undo the hook in a repository',
      cwd: project(),
    });
  });

  test.runIf(all)('the global pnpmfile', async () => {
    await follow(manager, 'pnpm, for all that you run', lock.pnpm);
    await expectRefused(manager, lock.pnpm);
    for (const [command, name] of [
      [`pnpm dlx ${SUBJECT}@2.0.0`, SUBJECT],
      [`pnpm create ${SUBJECT}@2.0.0`, `create-${SUBJECT}`],
      [`pnpm add --global ${SUBJECT}@2.0.0`, SUBJECT],
    ] as const) {
      const refused = await shell(manager, command);
      expect(refused.code).not.toBe(0);
      expect(refused.stdout + refused.stderr).toContain(`refused ${name}@2.0.0`);
    }
    await expectUndone(manager, lock.pnpm, {
      page,
      undo: 'Undo the global pnpmfile',
      cwd: sandbox.home,
    });
  });
});

test('yarn-1', async () => {
  await follow('yarn-1', 'Yarn classic', 'yarn install');
  await expectRefused('yarn-1', 'tarwarden yarn install');
  await expectUndone('yarn-1', 'yarn install', {
    page: 'docs/managers/yarn-classic.md',
    undo: 'Undo',
    cwd: sandbox.home,
  });
});

test.skipIf(!available('bun').ok)('bun', async () => {
  // By which the command is installed.
  sandbox.command('npm', join(managerFolder('npm-11'), 'bin/npm-cli.js'));
  await follow('bun', 'bun', 'bun install');
  await expectRefused('bun', 'tarwarden bun install');
  await expectUndone('bun', 'bun install', {
    page: 'docs/managers/bun.md',
    upgrade: 'Upgrade',
    undo: 'Undo',
    cwd: sandbox.home,
  });
});

test.each((['yarn-3', 'yarn-4'] as const).filter((name) => available(name).ok))(
  '%s',
  async (name) => {
    sandbox.write({ '.yarnrc.yml': 'nodeLinker: node-modules\n', 'yarn.lock': '' }, project());
    await follow(name, 'Yarn', lock.yarn);
    await expectRefused(name, lock.yarn);
    await expectUndone(name, lock.yarn, {
      page: 'docs/managers/yarn.md',
      upgrade: 'Upgrade',
      undo: 'Undo',
      cwd: project(),
    });
  },
);
