/**
 * `tarwarden init` with the real managers: what it writes has a hostile package refused, in a new project, in a monorepo, and where lines
 * end as on Windows; and `--undo` gives every byte back.
 */
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { attack } from '../../support/attacks.ts';
import { execute, type Result } from '../../support/execute.ts';
import {
  available,
  envFor,
  npmsByGuard,
  pnpmsByHook,
  versionOf,
  type ManagerName,
} from '../../support/managers.ts';
import { tgz } from '../../support/pkg.ts';
import { findProgram } from '../../support/programs.ts';
import { startRegistry, type Registry } from '../../support/registry.ts';
import { makeSandbox, tree, type Sandbox } from '../../support/sandbox.ts';
import { program } from './sandbox.ts';

const FULL = process.env['TARWARDEN_E2E_FULL'] === '1';
const SUBJECT = 'tarwarden-subject';
const MANAGERS: readonly ManagerName[] = FULL
  ? [...npmsByGuard, ...pnpmsByHook, 'yarn-3', 'yarn-4']
  : ['npm-12', 'pnpm-12', 'yarn-4'];
const INSTALL: Readonly<Record<string, string>> = {
  npm: 'npm install',
  pnpm: 'pnpm install --no-frozen-lockfile',
  yarn: 'yarn install --no-immutable',
};

let registry: Registry;
let sandbox: Sandbox;
beforeEach(async () => {
  registry = await startRegistry();
  sandbox = makeSandbox({ registry: registry.url, ci: true });
  sandbox.command('tarwarden', program);
  sandbox.yarnrc('nodeLinker: node-modules');
});
afterEach(async () => {
  sandbox.assertSentinelUntouched();
  sandbox.dispose();
  await registry.close();
});

interface Kind {
  /** Folder of the package that depends on something. */
  readonly folder: string;
  readonly files: (manager: string, version: string) => Readonly<Record<string, string | object>>;
}

const RC = [
  '# what we agreed on',
  'nodeLinker: node-modules   # for now',
  'plugins:',
  '  - own.cjs',
];
const OWN_PLUGIN = "module.exports = { name: 'own', factory: () => ({}) };\n";

/** How a package.json names its manager. pnpm would ask the registry for the version that `packageManager` names. */
function naming(manager: string, version: string): object {
  if (manager !== 'pnpm') return { packageManager: `${manager}@${version}` };
  return { devEngines: { packageManager: { name: manager, version, onFail: 'ignore' } } };
}

const KINDS: Readonly<Record<string, Kind>> = {
  'a new project': {
    folder: '.',
    files: (manager, version) => ({
      'package.json': { name: 'project', private: true, ...naming(manager, version) },
    }),
  },
  'a monorepo': {
    folder: 'packages/one',
    files: (manager, version) => ({
      'package.json': {
        name: 'root',
        private: true,
        ...naming(manager, version),
        workspaces: ['packages/*'],
      },
      'packages/one/package.json': { name: 'one', version: '1.0.0' },
      ...(manager === 'pnpm' && { 'pnpm-workspace.yaml': '# ours\npackages: ["packages/*"]\n' }),
      ...(manager === 'yarn' && { '.yarnrc.yml': 'nodeLinker: node-modules\n' }),
    }),
  },
  'a project with the line ends of Windows': {
    folder: '.',
    files: (manager, version) => ({
      'package.json': JSON.stringify(naming(manager, version), null, '\t').replaceAll('\n', '\r\n'),
      ...(manager === 'yarn' && {
        '.yarnrc.yml': `\uFEFF${RC.join('\r\n')}`,
        'own.cjs': OWN_PLUGIN,
        'yarn.lock': '',
      }),
    }),
  },
};

/** Runs commands as a shell of the user's does, each only if the one before it succeeded. */
async function shell(name: ManagerName, commands: string, cwd = sandbox.project): Promise<Result> {
  const env = envFor(name, { sandbox });
  return execute(findProgram('sh') ?? 'sh', ['-eu', '-c', commands], { cwd, env });
}

/** Has a package in a copy of the project depend on a version, which is hostile from 2.0.0 on. */
function attacked(folder: string, version: string, project = sandbox.project): string {
  const copy = join(sandbox.root, `copy-${version}`);
  cpSync(project, copy, { recursive: true });
  const hostile = attack('symlink').build({ name: SUBJECT, version });
  registry.publish({
    name: SUBJECT,
    version,
    tgz: version === '1.0.0' ? tgz({ name: SUBJECT }) : hostile,
  });
  const file = join(copy, folder, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
  sandbox.write(
    { 'package.json': { ...manifest, dependencies: { [SUBJECT]: version } } },
    join(copy, folder),
  );
  return copy;
}

function isLinked(copy: string, folder: string): boolean {
  return [folder, '.'].some((at) => existsSync(join(copy, at, 'node_modules', SUBJECT)));
}

describe.each(MANAGERS)('%s', (name) => {
  const [manager = ''] = name.split('-');
  const { ok } = available(name);

  // Nothing is written in a project of npm, whatever it looks like.
  const kinds = Object.entries(KINDS).slice(0, manager === 'npm' && !FULL ? 1 : undefined);
  test.skipIf(!ok).each(kinds)('guards %s', async (_, { folder, files }) => {
    rmSync(join(sandbox.project, 'package.json'));
    sandbox.write(files(manager, versionOf(name).version));
    const before = tree(sandbox.project);

    // `tarwarden setup` puts these shims on the PATH.
    const shims = join(sandbox.home, '.local/share/tarwarden/shims');
    const path = manager === 'npm' ? `export PATH="${shims}:$PATH"; ` : '';
    if (manager === 'npm') {
      const first = await shell(name, 'tarwarden init');
      expect(first.stdout).toMatch(/^not yet {3}npm, npx\n.*\n +tarwarden setup$/m);
      expect(first.stdout).not.toContain('UNGUARDED');
      expect(first.code).toBe(0);
      const write = `tarwarden shims ${shims} --manager npm --manager npx`;
      expect(await shell(name, write)).toMatchObject({ code: 0, stdout: `${shims}\n` });
    }

    // Called in a package, the root of the monorepo is what is set up.
    const made = await shell(name, `${path}tarwarden init`, join(sandbox.project, folder));
    expect([made.stdout + made.stderr, made.code]).toEqual([expect.anything(), 0]);
    expect(made.stdout).toContain(`project: ${sandbox.project}\n`);
    expect(made.stdout).toMatch(new RegExp(`^guarded +${manager} `, 'm'));
    const after = tree(sandbox.project);
    const again = await shell(name, 'tarwarden init --dry-run');
    expect(again.stdout).not.toMatch(/^ {2}(?:new|change|remove) /m);
    expect(again.code).toBe(0);

    const clean = attacked(folder, '1.0.0');
    const installed = await shell(name, path + INSTALL[manager], join(clean, folder));
    expect([installed.stdout + installed.stderr, installed.code]).toEqual([expect.anything(), 0]);
    expect(isLinked(clean, folder)).toBe(true);
    const hostile = attacked(folder, '2.0.0');
    const refused = await shell(name, path + INSTALL[manager], join(hostile, folder));
    expect(refused.stdout + refused.stderr).toContain(`refused ${SUBJECT}@2.0.0`);
    expect(refused.code).not.toBe(0);
    expect(isLinked(hostile, folder)).toBe(false);

    expect(tree(sandbox.project)).toEqual(after);
    const undone = await shell(name, 'tarwarden init --undo');
    expect(undone).toMatchObject({ code: 0, stderr: '' });
    expect(tree(sandbox.project)).toEqual(before);
  });
});

interface Clone {
  readonly name: ManagerName;
  readonly files: Readonly<Record<string, string>>;
  /** What a reader of the advice sees first. */
  readonly reason: RegExp;
}

const HOOKS = `{ readPackage(manifest) {
  if (manifest.name === '${SUBJECT}') manifest.dependencies = { 'tarwarden-added': '1.0.0' };
  return manifest;
} }`;
const CLONES: readonly Clone[] = [
  {
    name: 'pnpm-10',
    files: { '.gitignore': '.*\n', '.pnpmfile.cjs': `module.exports = { hooks: ${HOOKS} };` },
    reason: /git ignores \.tarwarden\/, \.pnpmfile\.cjs, because line 1 of \.gitignore is "\.\*"\./,
  },
  ...(['pnpm-11', 'pnpm-12'] as const).map((name) => ({
    name,
    files: { '.gitignore': '/.*\n', '.pnpmfile.cjs': `exports.hooks = ${HOOKS};\n` },
    reason: /git ignores \.tarwarden\/, \.pnpmfile\.cjs, because line 1 of/,
  })),
  ...(['yarn-3', 'yarn-4'] as const).map((name) => ({
    name,
    files: { '.gitignore': '# ours\n.yarn/\n', '.yarnrc.yml': 'nodeLinker: node-modules\n' },
    reason: /git ignores \.yarn\/plugins\/plugin-tarwarden\.cjs, because line 2 of \.gitignore/,
  })),
];

describe('a clone by a colleague', () => {
  const tried = CLONES.filter(
    ({ name }) => available(name).ok && (FULL || !['pnpm-11', 'yarn-3'].includes(name)),
  );
  test.each(tried)('$name: is guarded, and runs the hooks of the project', async (each) => {
    const { name, files, reason } = each;
    const [manager = ''] = name.split('-');
    registry.publish({ name: 'tarwarden-added' });
    sandbox.write({
      'package.json': {
        name: 'project',
        private: true,
        ...naming(manager, versionOf(name).version),
      },
      ...files,
    });
    const before = tree(sandbox.project);
    const git = 'git -c user.name=x -c user.email=x@example.org -c init.defaultBranch=main';
    expect(await shell(name, 'git init --quiet')).toMatchObject({ code: 0 });

    const first = await shell(name, 'tarwarden init');
    expect(first.stdout).toMatch(reason);
    expect(first.stdout).toMatch(new RegExp(`^guarded +${manager} `, 'm'));
    expect(first.code).toBe(2);
    const [, command = ''] = /guard all the same: (git add -f .*)$/m.exec(first.stdout) ?? [];
    expect(await shell(name, command)).toMatchObject({ code: 0 });
    const second = await shell(name, 'tarwarden init --dry-run');
    expect([second.stdout, second.code]).toEqual([expect.not.stringMatching('git ignores'), 0]);

    const clone = join(sandbox.root, 'clone');
    const committed = await shell(
      name,
      `git add --all; ${git} commit --quiet --message x; git clone --quiet . ${clone}`,
    );
    expect(committed).toMatchObject({ code: 0 });
    for (const [version, isClean] of [
      ['1.0.0', true],
      ['2.0.0', false],
    ] as const) {
      const copy = attacked('.', version, clone);
      // oxlint-disable-next-line no-await-in-loop
      const result = await shell(name, INSTALL[manager] ?? '', copy);
      const printed = result.stdout + result.stderr;
      expect([printed, result.code === 0]).toEqual([
        isClean ? expect.anything() : expect.stringContaining(SUBJECT),
        isClean,
      ]);
      if (!isClean) expect(printed.replaceAll(/\s+/g, ' ')).toMatch(/refused/);
      expect(isLinked(copy, '.')).toBe(isClean);
      if (isClean && manager === 'pnpm')
        expect(readFileSync(join(copy, 'pnpm-lock.yaml'), 'utf8')).toContain('tarwarden-added');
    }
    expect(await shell(name, 'tarwarden init --undo')).toMatchObject({ code: 0 });
    const own = (line: string): boolean => !/ \.git(?:\/|$| )/.test(line);
    expect(tree(sandbox.project).filter(own)).toEqual(before.filter(own));
  });
});
