import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkProject, pnpmRoot, SHIM } from '../../../packages/pnpm-hook/src/check/self-check.ts';
import { repository } from '../../support/managers.ts';
import { freshFolder } from '../../support/fresh-folder.ts';
import { putFiles } from '../../support/put-file.ts';

let directory: string;
freshFolder((made) => (directory = made));

const write = (files: Readonly<Record<string, string>>): void => putFiles(directory, files);

const check = (env: Record<string, string> = {}): string[] =>
  checkProject(directory, { HOME: join(directory, 'home'), ...env }).map(
    ({ code, file }) => `${code} ${file.replace(`${directory}/`, '')}`,
  );

/** Shaped as the hook is, as far as a check can tell. */
const HOOK = `// ERR_PNPM_TARWARDEN_
module.exports = { hooks: { updateConfig() {}, preResolution() {}, fetchers: {} }, fetchers: [] }\n`;
const OTHER =
  'module.exports = { hooks: { updateConfig() {}, preResolution() {}, fetchers: {} }, fetchers: [] }\n';
const vendored = {
  '.pnpmfile.cjs': "module.exports = require('./tools/tarwarden/index.cjs')\n",
  'tools/tarwarden/index.cjs': HOOK,
};
const configured = {
  'pnpm-workspace.yaml': 'configDependencies:\n  pnpm-plugin-tarwarden: 0.1.0+sha512-x\n',
  'node_modules/.pnpm-config/pnpm-plugin-tarwarden/pnpmfile.cjs': SHIM,
  'node_modules/.pnpm-config/pnpm-plugin-tarwarden/dist/index.cjs': HOOK,
};

describe('checkProject', () => {
  it.each([
    ['a vendored hook', vendored],
    ['a config dependency', configured],
    [
      'hooks of its own beside ours',
      {
        ...vendored,
        '.pnpmfile.cjs':
          "const guard = require('./tools/tarwarden/index.cjs')\nmodule.exports = { ...guard, hooks: { ...guard.hooks, readPackage: (p) => p } }\n",
      },
    ],
    [
      'an ES module',
      {
        ...vendored,
        'package.json': '{"packageManager":"pnpm@11.28.10"}',
        '.pnpmfile.mjs':
          "import guard from './tools/tarwarden/index.cjs'\nexport const { hooks, fetchers } = guard\n",
        '.pnpmfile.cjs': '',
      },
    ],
    [
      'a setting that names the hook',
      { ...vendored, 'pnpm-workspace.yaml': 'pnpmfile: tools/tarwarden/index.cjs\n' },
    ],
    [
      'what looks like the setting and is not',
      {
        ...vendored,
        'pnpm-workspace.yaml':
          'ignorePnpmfile: false\noverrides:\n  ignorePnpmfile: "true"\ncatalog: { ignore-pnpmfile: "1.0.0" }\nignore-pnpmfile: true\n# ignorePnpmfile: true\n',
        '.npmrc': '; ignore-pnpmfile=true\nignore-pnpmfile=false\nnot-ignore-pnpmfile=true\n',
        'home/.config/pnpm/config.yaml': 'ignorePnpmfile: true\n',
        'package.json':
          '{"ignorePnpmfile":true,"description":"--ignore-pnpmfile","pnpm":{"ignorePnpmfile":true,"overrides":{"ignorePnpmfile":"1"}},"scripts":{"x":"pnpm i --ignore-pnpmfile=false --no-ignore-pnpmfile --ignore-pnpmfiles"}}',
        'ci.yml': '# pnpm i --ignore-pnpmfile\n',
      },
    ],
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
    ...(
      [
        [
          'devDependencies',
          { 'package.json': '{"devDependencies":{"pnpm-plugin-tarwarden":"1"}}' },
        ],
        ['keywords', { 'package.json': '{"keywords":["pnpm-plugin-tarwarden"]}' }],
        ['overrides', { 'pnpm-workspace.yaml': 'overrides:\n  pnpm-plugin-tarwarden: 0.1.0\n' }],
        [
          'a comment',
          { 'pnpm-workspace.yaml': '#configDependencies:\n#  pnpm-plugin-tarwarden: 1\n' },
        ],
        [
          'a block of text',
          { 'pnpm-workspace.yaml': 'x: |\n  configDependencies:\n    pnpm-plugin-tarwarden: 1\n' },
        ],
        [
          'a longer name',
          { 'pnpm-workspace.yaml': 'configDependencies:\n  pnpm-plugin-tarwarden-x: 1\n' },
        ],
      ] as [string, Record<string, string>][]
    ).map(([where, files]): [string, Record<string, string>, string] => [
      `the name only in ${where}`,
      files,
      'hook-missing .pnpmfile.cjs',
    ]),
    [
      'a require in a comment',
      { ...vendored, '.pnpmfile.cjs': "// require('./tools/tarwarden/index.cjs')\n" },
      'hook-missing .pnpmfile.cjs',
    ],
    [
      'a require that is not handed on',
      {
        ...vendored,
        '.pnpmfile.cjs': "require('./tools/tarwarden/index.cjs')\nmodule.exports = {}\n",
      },
      'hook-missing .pnpmfile.cjs',
    ],
    [
      'other hooks of the same shape',
      {
        '.pnpmfile.cjs': "module.exports = require('./pnpm-hook/index.cjs')\n",
        'pnpm-hook/index.cjs': OTHER,
      },
      'hook-missing .pnpmfile.cjs',
    ],
    [
      'the hooks without the fetchers',
      {
        ...vendored,
        '.pnpmfile.cjs':
          "const { hooks } = require('./tools/tarwarden/index.cjs')\nmodule.exports = { hooks }\n",
      },
      'hook-missing .pnpmfile.cjs',
    ],
    [
      'an ES module before the pnpmfile that holds it',
      { ...vendored, '.pnpmfile.mjs': 'export const hooks = {}\n' },
      'hook-missing .pnpmfile.mjs',
    ],
    [
      'another pnpmfile in the settings',
      { ...vendored, 'pnpm-workspace.yaml': 'pnpmfile: other.cjs\n', 'other.cjs': OTHER },
      'pnpmfile-replaced pnpm-workspace.yaml',
    ],
    [
      'a pnpmfile that never ends loading',
      { '.pnpmfile.cjs': 'process.exit(0)\n' },
      'hook-unreachable .pnpmfile.cjs',
    ],
    ...(
      [
        ['a flow map', '{ ignorePnpmfile: true }'],
        ['an escape', '"ignore\\u0050npmfile": true'],
        ['a tag', 'ignorePnpmfile: !!bool "true"'],
        ['an anchor', 'x: &a true\nignorePnpmfile: *a'],
        ['a key in question form', '? ignorePnpmfile\n: true'],
        ['capitals', 'ignorePnpmfile: TRUE'],
      ] as const
    ).map(([how, text]): [string, Record<string, string>, string] => [
      `ignorePnpmfile as ${how}`,
      { ...vendored, 'pnpm-workspace.yaml': `${text}\n` },
      'pnpmfile-ignored pnpm-workspace.yaml',
    ]),
    [
      'ignore-pnpmfile in .npmrc without a value',
      { ...vendored, '.npmrc': 'ignore-pnpmfile\n' },
      'pnpmfile-ignored .npmrc',
    ],
    [
      'settings that are not YAML',
      { ...vendored, 'pnpm-workspace.yaml': 'a: [\n' },
      'unreadable pnpm-workspace.yaml',
    ],
    [
      'settings of more than one document',
      { ...vendored, 'pnpm-workspace.yaml': 'a: 1\n---\nignorePnpmfile: true\n' },
      'unreadable pnpm-workspace.yaml',
    ],
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

  it('takes no longer for 200,000 line feeds than it must', () => {
    write({ ...vendored, '.npmrc': '\n'.repeat(200_000), 'ci.yml': '\n'.repeat(200_000) });
    expect(check()).toEqual([]);
  });

  it('is not confused by installed packages that use the flag', () => {
    write({ ...vendored, 'node_modules/a/package.json': '{"x":"--ignore-pnpmfile"}' });
    expect(check()).toEqual([]);
  });
});

describe('pnpmRoot', () => {
  it('is the folder of the workspace file', () => {
    write({ 'pnpm-workspace.yaml': '', 'packages/a/package.json': '{}' });
    expect(pnpmRoot(join(directory, 'packages/a'))).toBe(directory);
  });
});

describe('the published pnpmfile', () => {
  it('is the frozen line', () => {
    expect(readFileSync(join(repository, 'packages/pnpm-hook/pnpmfile.cjs'), 'utf8')).toBe(SHIM);
  });
});
