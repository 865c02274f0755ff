import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkProject, projectRoot, SHIM } from '../../../packages/pnpm-hook/src/self-check.ts';
import { repository } from '../../support/managers.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tarwarden-check-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}

const check = (env: Record<string, string> = {}): string[] =>
  checkProject(directory, { HOME: join(directory, 'home'), ...env }).map(
    ({ code, file }) => `${code} ${file.replace(`${directory}/`, '')}`,
  );

const vendored = {
  '.pnpmfile.cjs': "module.exports = require('./tools/tarwarden/index.cjs')\n",
  'tools/tarwarden/index.cjs': '',
};
const configured = {
  'pnpm-workspace.yaml': 'configDependencies:\n  pnpm-plugin-tarwarden: 0.1.0+sha512-x\n',
  'node_modules/.pnpm-config/pnpm-plugin-tarwarden/pnpmfile.cjs': SHIM,
  'node_modules/.pnpm-config/pnpm-plugin-tarwarden/dist/index.cjs': '',
};

describe('checkProject', () => {
  it.each([
    ['a vendored hook', vendored],
    ['a config dependency', configured],
    [
      'a config dependency that is not installed yet',
      { 'pnpm-workspace.yaml': configured['pnpm-workspace.yaml'] },
    ],
  ])('is content with %s', (_, files) => {
    write(files);
    expect(check()).toEqual([]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['no hook at all', { '.pnpmfile.cjs': '' }, 'hook-missing .pnpmfile.cjs'],
    [
      'a pnpmfile that requires what is not there',
      { '.pnpmfile.cjs': vendored['.pnpmfile.cjs'] },
      'hook-unreachable .pnpmfile.cjs',
    ],
    [
      'a changed shim',
      {
        ...configured,
        'node_modules/.pnpm-config/pnpm-plugin-tarwarden/pnpmfile.cjs': 'module.exports = {}\n',
      },
      'shim-changed node_modules/.pnpm-config/pnpm-plugin-tarwarden/pnpmfile.cjs',
    ],
    [
      'a missing shim',
      {
        'pnpm-workspace.yaml': configured['pnpm-workspace.yaml'],
        'node_modules/.pnpm-config/other/x': '',
      },
      'hook-missing node_modules/.pnpm-config/pnpm-plugin-tarwarden/pnpmfile.cjs',
    ],
    [
      'ignorePnpmfile in the workspace file',
      { ...vendored, 'pnpm-workspace.yaml': 'packages: []\nignorePnpmfile: true\n' },
      'pnpmfile-ignored pnpm-workspace.yaml',
    ],
    [
      'ignore-pnpmfile in .npmrc',
      { ...vendored, '.npmrc': 'ignore-pnpmfile = true\n' },
      'pnpmfile-ignored .npmrc',
    ],
    [
      "ignorePnpmfile in the user's file",
      { ...vendored, 'home/.config/pnpm/config.yaml': 'ignorePnpmfile: true\n' },
      'pnpmfile-ignored home/.config/pnpm/config.yaml',
    ],
    [
      'the flag in a script of a workspace package',
      {
        ...vendored,
        'packages/a/package.json': '{"scripts":{"x":"pnpm i --ignore-pnpmfile"}}',
      },
      'pnpmfile-ignored packages/a/package.json',
    ],
    [
      'the flag in a workflow',
      {
        ...vendored,
        '.github/workflows/ci.yml': 'run: pnpm install --config.ignorePnpmfile=true\n',
      },
      'pnpmfile-ignored .github/workflows/ci.yml',
    ],
    [
      'another engine',
      { ...vendored, 'pnpm-workspace.yaml': 'configDependencies:\n  "@pnpm/pacquet": 1.0.0\n' },
      'other-engine pnpm-workspace.yaml',
    ],
    [
      'a pnpm that is not guarded',
      { ...vendored, 'package.json': '{"packageManager":"pnpm@12.15.1"}' },
      'pnpm-unsupported package.json',
    ],
  ])('finds %s', (_, files, problem) => {
    write(files);
    expect(check()).toEqual([problem]);
  });

  it('finds the environment variable', () => {
    write(vendored);
    expect(check({ npm_config_ignore_pnpmfile: 'true' })).toEqual([
      'pnpmfile-ignored npm_config_ignore_pnpmfile',
    ]);
    expect(check({ npm_config_ignore_pnpmfile: 'false' })).toEqual([]);
  });

  it('is not confused by installed packages that use the flag', () => {
    write({ ...vendored, 'node_modules/a/package.json': '{"x":"--ignore-pnpmfile"}' });
    expect(check()).toEqual([]);
  });
});

describe('projectRoot', () => {
  it('is the folder of the workspace file', () => {
    write({ 'pnpm-workspace.yaml': '', 'packages/a/package.json': '{}' });
    expect(projectRoot(join(directory, 'packages/a'))).toBe(directory);
  });
});

describe('the published pnpmfile', () => {
  it('is the frozen line', () => {
    expect(readFileSync(join(repository, 'packages/pnpm-hook/pnpmfile.cjs'), 'utf8')).toBe(SHIM);
  });
});
