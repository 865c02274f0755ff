/** Random pnpm-workspace.yaml, config.yaml, .npmrc, rc, auth.ini, package.json and variables, for each pinned pnpm. */
import { askPnpm, isAvailable, readPnpm } from '../../support/settings-readers/pnpm.ts';
import type { AnyPnpmName } from '../../support/managers.ts';
import type { Random } from '../random.ts';
import type { SettingsCase, SettingsSubject } from './subject.ts';

/** Settings that are compared. */
const SETTINGS = [
  'ignorePnpmfile',
  'pnpmfile',
  'globalPnpmfile',
  'storeDir',
  'cacheDir',
  'modulesDir',
  'virtualStoreDir',
  'globalVirtualStoreDir',
  'lockfileDir',
  'ignoreScripts',
  'registry',
];

const VALUES = [
  'true',
  'false',
  'null',
  '~',
  '""',
  "''",
  '"true"',
  "'it''s'",
  '"\\u0061\\x62\\t"',
  'a',
  'a b',
  'a # b',
  'a#b',
  './a:b',
  '~/a',
  '0x10',
  '0o17',
  '017',
  '1e3',
  '1_000',
  '.5',
  '2026-11-29',
  'yes',
  'on',
  'True',
  'NULL',
  '.inf',
  '${SET}',
  '${SET-x}',
  '${EMPTY-x}',
  '${EMPTY:-x}',
  '${NONE-x}',
  '${NONE:-x/y}',
  '${NONE:-}',
  '\\${SET}',
  '\\\\${SET}',
  'a${SET}b${EMPTY}',
  '"${SET}"',
  '!!str true',
  '!!bool "true"',
  '!!int "3"',
  '[a, b]',
  '[]',
  '{a: b}',
  '*anchor',
  '&other c',
  '|\n  a\n  b',
  '>-\n  a\n  b',
  'a\n  b',
  'http://registry.example/',
  '@a',
  '`a`',
  '%a',
  '- a',
  'a: b',
];

const ODD_LINES = [
  '# comment',
  '',
  '---',
  '...',
  '<<: *map',
  '<<: [*map, *map]',
  '<<: {ignorePnpmfile: true}',
  'map: &map {storeDir: merged, ignorePnpmfile: true}',
  'x: &anchor anchored',
  '? ignorePnpmfile\n: true',
  '"ignorePnpmfile": true',
  "'store\\u0044ir': a",
  '"store\\u0044ir": a',
  '!!str ignorePnpmfile: true',
  'ignore-pnpmfile: true',
  'ignore${NAME}: true',
  '${NONE-storeDir}: b',
  '\tstoreDir: tab',
  ' storeDir: indented',
  'storeDir : spaced',
  'packages: [.]',
  '%YAML 1.1',
  'null: a',
  '1: a',
];

const INI_LINES = [
  '# comment',
  '; comment',
  '[section]',
  '[section] ',
  '[]',
  'ignore-pnpmfile',
  'ignore-pnpmfile=',
  'ignore-pnpmfile = true ; x',
  'ignorePnpmfile=true',
  'IGNORE-PNPMFILE=true',
  'ignore_pnpmfile=true',
  ' store-dir = spaced ',
  'store-dir="quoted"',
  "store-dir='quoted'",
  'store-dir="a\\u0062"',
  'store-dir=a;b',
  'store-dir=a\\;b',
  'store-dir==a',
  'store-dir: a',
  '"store-dir"=a',
  'store-${EMPTY}dir=a',
  '${NONE-store-dir}=a',
  'x=${NONE}',
  'registry=http://${SET}/',
  'registry=http://plain/',
  '__proto__=a',
];

const INI_NAMES = [
  'store-dir',
  'cache-dir',
  'modules-dir',
  'pnpmfile',
  'lockfile-dir',
  'ignore-scripts',
];
const INI_VALUES = VALUES.filter((value) => !value.includes('\n'));

const ENDS = ['\n', '\n', '\n', '\r\n', '\r', '\n\n'];

const MANY = 4;

function lines(random: Random, line: () => string): string {
  const end = random.pick(ENDS);
  const count = 1 + random.int(MANY);
  const text = Array.from({ length: count }, line).join(end);
  return `${random.chance(12) ? '\uFEFF' : ''}${text}${random.chance(3) ? '' : end}`;
}

const yaml = (random: Random): string =>
  lines(random, () =>
    random.chance(3) ? random.pick(ODD_LINES) : `${random.pick(SETTINGS)}: ${random.pick(VALUES)}`,
  );

const ini = (random: Random): string =>
  lines(random, () =>
    random.chance(2)
      ? random.pick(INI_LINES)
      : `${random.pick(INI_NAMES)}=${random.pick(INI_VALUES)}`,
  );

const FILES: readonly (readonly [string, (random: Random) => string])[] = [
  ['project/pnpm-workspace.yaml', yaml],
  ['project/pnpm-workspace.yaml', yaml],
  ['project/pnpm-workspace.yaml', yaml],
  ['home/.config/pnpm/config.yaml', yaml],
  ['project/.npmrc', ini],
  ['project/.npmrc', ini],
  ['home/.npmrc', ini],
  ['home/.config/pnpm/rc', ini],
  ['home/.config/pnpm/auth.ini', ini],
];

function generate(random: Random): SettingsCase {
  const files: Record<string, string> = { 'project/package.json': '{}' };
  for (let left = 1 + random.int(3); left > 0; left--) {
    const [path, make] = random.pick(FILES);
    files[path] = make(random);
  }
  const env: Record<string, string> = { SET: 'set', EMPTY: '', NAME: 'Pnpmfile' };
  if (random.chance(3)) {
    const prefix = random.pick([
      'npm_config_',
      'NPM_CONFIG_',
      'pnpm_config_',
      'PNPM_CONFIG_',
      'Pnpm_config_',
    ]);
    const key = random.pick([
      'ignore_pnpmfile',
      'IGNORE_PNPMFILE',
      'store_dir',
      'store-dir',
      'STORE_DIR',
      'pnpmfile',
      'lockfile_dir',
      'storeDir',
    ]);
    env[`${prefix}${key}`] = random.pick(['true', 'false', '', '1', 'a', '${SET}', '"true"']);
  }
  if (random.chance(8)) env['XDG_CONFIG_HOME'] = random.pick(['', 'relative']);
  return { files, env };
}

function subject(name: AnyPnpmName): SettingsSubject {
  // pnpm 10.20 takes a registry of a project with variables in it, and 10.34 does not. No answer depends on which.
  const settings = SETTINGS.filter((setting) => name !== 'pnpm-10-20' || setting !== 'registry');
  return {
    client: name,
    isAvailable: isAvailable(name),
    batch: 200,
    // Its parser takes more than YAML, such as a tab before a name.
    mayRefuse: name === 'pnpm-12',
    generate,
    ask: (cases) => askPnpm(name, cases, settings),
    read: (written) => readPnpm(name, written, settings)[0]!,
  };
}

export const pnpmSubjects: readonly SettingsSubject[] = (
  ['pnpm-10-20', 'pnpm-10', 'pnpm-11', 'pnpm-12'] as const
).map(subject);
