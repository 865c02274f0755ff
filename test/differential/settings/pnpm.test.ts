/** What pnpm 10, 11 and 12 make of settings files, and what `@tarwarden/settings` says of the same files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnyPnpmName } from '../../support/managers.ts';
import {
  askPnpm,
  isAvailable,
  readPnpm,
  type Answer,
  type AskedCase,
} from '../../support/settings-readers/pnpm.ts';

const SETTINGS = [
  'ignorePnpmfile',
  'pnpmfile',
  'globalPnpmfile',
  'storeDir',
  'cacheDir',
  'stateDir',
  'modulesDir',
  'virtualStoreDir',
  'globalVirtualStoreDir',
  'lockfileDir',
  'configDependencies',
  'nodeDownloadMirrors',
  'minimumReleaseAge',
  'ignoreScripts',
  'registry',
];

interface Row {
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const WORKSPACE = 'project/pnpm-workspace.yaml';
const CONFIG = 'home/.config/pnpm/config.yaml';

const yaml = (what: string, text: string, env?: Row['env']): Row => ({
  what,
  files: { [WORKSPACE]: text },
  ...(env !== undefined && { env }),
});

const rows: readonly Row[] = [
  yaml('a merge key', 'x: &x {ignorePnpmfile: true}\n<<: *x\n'),
  yaml('a list of merged maps', '<<: [{storeDir: a}, {storeDir: b, cacheDir: c}]\n'),
  yaml('a merge key before a name', '<<: {storeDir: a}\nstoreDir: b\n'),
  yaml('a merge key in quotes', '"<<": {storeDir: a}\n'),
  yaml('merged maps that merge', 'a: &a {storeDir: s}\nb: &b {<<: *a}\n<<: *b\n'),
  yaml('an alias', 'x: &x ./kept\nstoreDir: *x\n'),
  yaml('a name twice', 'storeDir: a\nstoreDir: b\n'),
  yaml('two documents', 'storeDir: a\n---\nstoreDir: b\n'),
  yaml('a name in quotes with an escape', '"store\\u0044ir": a\n"ignore\\x50npmfile": true\n'),
  yaml('a name with a tag', '!!str storeDir: a\n'),
  yaml('a name in kebab case', 'ignore-pnpmfile: true\nstore-dir: a\n'),
  yaml('a name in other letters', 'IgnorePnpmfile: true\nignorepnpmfile: true\nstore_dir: a\n'),
  yaml('a variable in a name', 'ignore${NAME}: true\n', { NAME: 'Pnpmfile' }),
  yaml('texts for a switch', 'ignorePnpmfile: "false"\n'),
  yaml('a switch that is yes', 'ignorePnpmfile: yes\n'),
  yaml('a switch that is no', 'ignorePnpmfile: no\n'),
  yaml('a switch without a value', 'ignorePnpmfile:\n'),
  yaml('a set variable', 'storeDir: ${SET}/x\n', { SET: '/srv' }),
  yaml('an unset variable', 'storeDir: ${NONE}\n'),
  yaml('an unset variable with a default', 'storeDir: ${NONE-/srv}\ncacheDir: ${NONE:-/c}\n'),
  yaml('an empty variable with a default', 'storeDir: ${E-/srv}\ncacheDir: ${E:-/c}\n', { E: '' }),
  yaml('a variable with a question mark', 'storeDir: ${NONE?}\n'),
  yaml('an escaped variable', 'storeDir: \\${SET}\ncacheDir: \\\\${SET}\n', { SET: 's' }),
  yaml('a variable in a default', 'storeDir: ${NONE:-${SET}}\n', { SET: 's' }),
  yaml('a list of pnpmfiles', 'pnpmfile: [a.cjs, b.mjs]\n'),
  yaml('a pnpmfile with a variable', 'pnpmfile: ${NONE-a}.cjs\n'),
  yaml('a folder of the lockfile', 'lockfileDir: ./below\n'),
  yaml('CRLF', 'storeDir: a\r\ncacheDir: b\r\n'),
  yaml('lone CR', 'storeDir: a\rcacheDir: b\r'),
  yaml('a byte order mark', '\uFEFFstoreDir: a\n'),
  yaml('comments', 'storeDir: a # b\ncacheDir: c#d\n# modulesDir: e\n'),
  yaml('texts over lines', 'storeDir: >-\n  a\n  b\ncacheDir: "a\n  b"\n'),
  yaml('numbers', 'minimumReleaseAge: 2_880\nmodulesDir: 0x10\n'),
  yaml('a home folder', 'storeDir: ~/store\nmodulesDir: ~/modules\n'),
  yaml('a registry by a variable', 'registry: http://${SET}/\n', { SET: 'host' }),
  yaml('mirrors of Node', 'nodeDownloadMirrors: {release: "http://mirror.example/"}\n'),
  yaml('nothing', '\n'),
  yaml('a list', '- storeDir\n'),
  yaml('a folder of the state', 'stateDir: /elsewhere\nglobalPnpmfile: g.cjs\n'),
  {
    what: 'the user’s config.yaml',
    files: { [CONFIG]: 'storeDir: a\npnpmfile: b\nignorePnpmfile: true\nglobalPnpmfile: c\n' },
  },
  {
    what: 'the project before the user',
    files: { [CONFIG]: 'storeDir: a\ncacheDir: b\n', [WORKSPACE]: 'storeDir: c\n' },
  },
  {
    what: 'an empty XDG_CONFIG_HOME',
    files: { [CONFIG]: 'storeDir: home\n', 'project/pnpm/config.yaml': 'storeDir: folder\n' },
    env: { XDG_CONFIG_HOME: '' },
  },
  {
    what: 'a relative XDG_CONFIG_HOME',
    files: { 'project/x/pnpm/config.yaml': 'storeDir: a\n', 'project/x/pnpm/rc': 'store-dir=b\n' },
    env: { XDG_CONFIG_HOME: 'x' },
  },
  {
    what: 'a section in .npmrc',
    files: { 'project/.npmrc': '[x]\nignore-pnpmfile=true\nregistry=http://host/\n' },
  },
  {
    what: 'a section with a space behind it',
    files: { 'project/.npmrc': '[x] \nignore-pnpmfile=true\n' },
  },
  {
    what: 'a byte order mark before a section',
    files: { 'project/.npmrc': '\uFEFF[x]\nignore-pnpmfile=true\n' },
  },
  {
    what: 'a section of the name of a setting',
    files: { 'project/.npmrc': '[ignore-pnpmfile]\nx=y\n' },
  },
  {
    what: 'switches in .npmrc',
    files: { 'project/.npmrc': 'ignore-pnpmfile=\n', 'home/.npmrc': 'ignore-scripts\n' },
  },
  {
    what: 'other spellings in .npmrc',
    files: {
      'project/.npmrc': 'ignorePnpmfile=true\nIGNORE-PNPMFILE=true\nignore_pnpmfile=true\n',
    },
  },
  {
    what: 'quotes and escapes in .npmrc',
    files: { 'home/.npmrc': 'store-dir="a\\u0062"\ncache-dir=\'c\'\nmodules-dir=d\\;e;f\n' },
  },
  { what: 'a list in .npmrc', files: { 'home/.npmrc': 'store-dir[]=a\nstore-dir[]=b\n' } },
  { what: 'a name twice in .npmrc', files: { 'home/.npmrc': 'store-dir=a\nstore-dir=b\n' } },
  { what: 'lone CR in .npmrc', files: { 'home/.npmrc': 'store-dir=a\rregistry=http://host/\r' } },
  { what: 'CRLF in .npmrc', files: { 'home/.npmrc': 'store-dir=a\r\nregistry=http://host/\r\n' } },
  {
    what: 'an unset variable anywhere in .npmrc',
    files: { 'home/.npmrc': 'store-dir=a\nx=${NONE}\nregistry=http://host/\n' },
  },
  {
    what: 'an unset variable with a question mark in .npmrc',
    files: { 'home/.npmrc': 'registry=http://host/${NONE?}\n' },
  },
  {
    what: 'a variable with a default in .npmrc',
    files: { 'home/.npmrc': 'store-dir=${NONE:-/srv/store}\nregistry=http://${NONE-host}/\n' },
  },
  {
    what: 'files of the user in their order',
    files: {
      'home/.npmrc': 'store-dir=npmrc\nregistry=http://npmrc/\n',
      'home/.config/pnpm/rc': 'store-dir=rc\ncache-dir=rc\n',
      'home/.config/pnpm/auth.ini': 'registry=http://auth/\n',
    },
  },
  {
    what: 'variables of npm',
    files: {},
    env: { npm_config_store_dir: 'a', 'NPM_CONFIG_cache-dir': 'b', npm_config_ignore_pnpmfile: '' },
  },
  {
    what: 'variables of pnpm',
    files: { [WORKSPACE]: 'storeDir: a\n' },
    env: {
      pnpm_config_store_dir: 'b',
      PNPM_CONFIG_CACHE_DIR: 'c',
      pnpm_config_ignore_pnpmfile: '1',
    },
  },
  {
    what: 'variables of pnpm in both letters',
    files: {},
    env: { pnpm_config_store_dir: 'b', PNPM_CONFIG_STORE_DIR: 'c', Pnpm_config_cache_dir: 'd' },
  },
  {
    what: 'package.json',
    files: {
      'project/package.json':
        '{"pnpm":{"configDependencies":{"a":"1.0.0+sha512-x"},"ignorePnpmfile":true,"storeDir":"a"}}',
    },
  },
  {
    what: 'the package.json beside the lockfile',
    files: {
      'project/package.json': '{"pnpm":{"configDependencies":{"a":"1.0.0+sha512-x"}}}',
      'project/.npmrc': 'lockfile-dir=sub\n',
      'project/sub/package.json': '{"pnpm":{"configDependencies":{"b":"1.0.0+sha512-x"}}}',
    },
  },
  {
    what: 'the package.json where pnpm-workspace.yaml moves the lockfile',
    files: {
      'project/package.json': '{"pnpm":{"configDependencies":{"a":"1.0.0+sha512-x"}}}',
      [WORKSPACE]: 'lockfileDir: sub\n',
      'project/sub/package.json': '{"pnpm":{"configDependencies":{"b":"1.0.0+sha512-x"}}}',
    },
  },
  {
    what: 'package.yaml',
    files: {
      'project/package.json': '',
      'project/package.yaml': 'pnpm: {configDependencies: {a: 1.0.0+sha512-x}}\n',
    },
  },
  {
    what: 'a package of the workspace',
    files: {
      [WORKSPACE]: 'packages: [packages/*]\nstoreDir: a\n',
      'project/packages/one/package.json': '{}',
      'project/packages/one/.npmrc': 'cache-dir=inner\nmodules-dir=inner\n',
      'project/.npmrc': 'cache-dir=outer\n',
    },
    cwd: 'project/packages/one',
  },
  {
    what: 'a package that the workspace does not name',
    files: {
      [WORKSPACE]: 'packages: [packages/*]\nstoreDir: a\n',
      'project/other/package.json': '{}',
    },
    cwd: 'project/other',
  },
];

let root = '';
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'tarwarden-settings-'))));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function written({ files, env = {}, cwd }: Row, index: number): AskedCase {
  const folder = join(root, String(index));
  for (const name of ['home', 'project']) mkdirSync(join(folder, name), { recursive: true });
  for (const [path, text] of Object.entries({ 'project/package.json': '{}', ...files })) {
    if (text === '' && path.endsWith('package.json')) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, env, ...(cwd !== undefined && { cwd }) };
}

const names: readonly AnyPnpmName[] = ['pnpm-10-20', 'pnpm-10', 'pnpm-11', 'pnpm-12'];

describe.each(names.filter(isAvailable))('settings as %s reads them', (name) => {
  // A registry of a project with variables in it: pnpm 10.20 replaces them, and 10.34 does not take it.
  const settings = SETTINGS.filter((one) => name !== 'pnpm-10-20' || one !== 'registry');
  const answers: Answer[] = [];
  const cases: AskedCase[] = [];
  beforeAll(async () => {
    cases.push(...rows.map(written));
    answers.push(...(await askPnpm(name, cases, settings)));
  });

  it.each(rows.map(({ what }, index) => [what, index] as const))('%s', (_, index) => {
    const answer = answers[index]!;
    // A pnpm that refuses the files does nothing, whatever we say of them.
    const ours = answer === 'refused' ? [answer] : readPnpm(name, cases[index]!, settings);
    expect(ours).toContainEqual(answer);
  });
});
