/* Random settings files of bun. */
import { MANIFEST } from '../../support/settings/bun.ts';
import type { Random } from '../random.ts';
import type { SettingsCase } from './subject.ts';

const VALUES = [
  'http://r1.test/',
  'http://r2.test/a',
  'http://r3.test/b/',
  'http://u:p@r9.test/',
  'http://:t@r10.test/',
  'HTTP://R1.test/',
  'https://r4.test/',
  'r5.test',
  'sub',
  '',
  '$V',
  '$W',
  '$N',
  '$V/x',
] as const;

/** Spellings of a value in an .npmrc, in which `V` is set, `E` empty and `N` not set. */
const NPMRC_VALUES = [
  ...VALUES,

  '${V}',
  '${N}',
  '${N?}',
  '${V?}',
  '${E}',
  '${N-http://r6.test/}',
  '${V:-x}',
  '${W}c/',
  '${W}${W}',

  '"${V}"',
  "'${V}'",
  '"${N?}"',
  '\\${V}',
  '\\\\${V}',
  '"\\${V}"',
  '${${M}}',
  '${M}${N}',
  'a${E?}b',

  '"http://r1.test/q/"',
  "'http://r2.test/q/'",
  '"http://r1.test/\\u0061/"',
  '"a',
  "a'",
  "'",
  '"',

  'http://r1.test/;c',
  'http://r1.test/#c',
  'http://r1.test/\\;c',
  'http://r1.test/ ; c',
  'a\\b',

  'true',
  'false',
  'null',
  '"true"',
  '1',
  '[1]',
  '{"a":1}',
  "'[1]'",
  '\'"http://r3.test/"\'',
  '=x',

  '\thttp://r1.test/\t',
  'http://r1.test/\u00a0',
  'http://r1.test/\u2028x',
  'http://r1.test/\r',
] as const;

const NPMRC_KEYS = [
  'registry',
  'registry',
  '@s:registry',
  '@t:registry',
  'cache',
  'cache',
  '"registry"',
  "'cache'",
  'Registry',
  '@S:registry',
  'cache[]',
  '${K}',
  '\\registry',
  'registry.x',
  '__proto__',
  '[x]',
  '//r1.test/:_authToken',
  '//r2.test/a/:_authToken',
  '//r3.test/b:_authToken',
  '"//r1.test/:_auth"',
] as const;

const TOML_VALUES = [
  ...VALUES.map((value) => JSON.stringify(value)),

  '"http://r1.test/\\u0061/"',
  "'http://r2.test/q/'",
  '"""http://r1.test/m/"""',
  "'''\nhttp://r1.test/'''",

  '{ url = "http://r11.test/o/", token = "t" }',
  '{ url = "$U", token = "$T" }',
  '{}',

  '{ url = "http://r12.test/", username = "u", password = "$T" }',
  '{ url = "http://r1.test/", }',
  'true',
  'false',
  '1',
  '1979-05-27',
  '["a"]',
  '"\\x61"',
  '"\\q"',
  '"a',
  'a',
  '{ dir = "d" }',
  '{ disable = true }',
  '{ disable = false, dir = "~/d" }',
  '"\\U0001F600"',
  '"a\\\n b"',
] as const;

const TOML_KEYS = [
  'registry',
  'registry',
  'cache',
  'cache',
  'scopes.s',
  'scopes.t',
  'scopes."@s"',
  '"registry"',
  'install.registry',
  'install.cache',
  '"install"."registry"',
  "'cache'",
  'cache.dir',
  'registry.url',
  'Registry',
  'security.scanner',
  're\\u0067istry',
  '"re\\u0067istry"',
  'x',
] as const;

const TOML_TABLES = [
  '[install]',
  '[install]',
  '[ install ]',
  '[install.scopes]',
  '[[install]]',
  '[x]',
] as const;

function npmrc(random: Random): string {
  const lines = Array.from({ length: 1 + random.int(5) }, () =>
    random.pick([
      () => `${random.pick(NPMRC_KEYS)}=${random.pick(NPMRC_VALUES)}`,
      () => `${random.pick(NPMRC_KEYS)} = ${random.pick(NPMRC_VALUES)}`,
      () => `  ${random.pick(NPMRC_KEYS)}=${random.pick(NPMRC_VALUES)} ; c`,
      () =>
        random.pick([
          '; c',
          '# c',
          '',
          ' ',
          'registry',
          'cache',
          '[s]',
          '[]',
          '[s',
          '[cache]',
          '[s]x',
        ]),
    ])(),
  );
  return joined(random, lines);
}

function bunfig(random: Random): string {
  const lines = Array.from({ length: 1 + random.int(3) }, () =>
    random.pick([
      () => `${random.pick(TOML_KEYS)} = ${random.pick(TOML_VALUES)}`,
      () => `${random.pick(TOML_KEYS)}=${random.pick(TOML_VALUES)} # c`,
      () => random.pick([...TOML_TABLES, '# c', '']),
    ])(),
  );
  return joined(random, random.chance(8) ? lines : [random.pick(TOML_TABLES), ...lines]);
}

function joined(random: Random, lines: readonly string[]): string {
  const end = random.pick(['\n', '\n', '\n', '\r\n', '\r']);
  return `${random.chance(20) ? '\uFEFF' : ''}${lines.join(end)}${random.chance(4) ? '' : end}`;
}

const NPMRCS = ['project/.npmrc', 'home/.npmrc', 'xdg/.npmrc', 'project/named'] as const;
const BUNFIGS = [
  'project/bunfig.toml',
  'home/.bunfig.toml',
  'xdg/.bunfig.toml',
  'project/.bunfig.toml',
] as const;

/** A case of bun. */
export function bunCase(random: Random): SettingsCase {
  const files: Record<string, string> = { 'project/package.json': MANIFEST };
  for (const name of NPMRCS) if (random.chance(2)) files[name] = npmrc(random);
  for (const name of BUNFIGS) if (random.chance(3)) files[name] = bunfig(random);
  const env: Record<string, string> = {
    V: 'http://r7.test/v/',
    W: 'http://r8.test/',
    T: 'tt',
    U: 'http://r13.test/',
    E: '',
    K: 'cache',
    M: 'V',
  };
  const some = (name: string, ...values: readonly string[]): void => {
    if (random.chance(6)) env[name] = random.pick(values);
  };
  some('XDG_CONFIG_HOME', '', 'rel', '../xdg', '.');
  some('npm_config_userconfig', '', 'named', 'missing');
  some('NPM_CONFIG_USERCONFIG', '', 'named', 'missing');
  for (const name of [
    'BUN_CONFIG_REGISTRY',
    'NPM_CONFIG_REGISTRY',
    'npm_config_registry',
    'Npm_Config_Registry',
  ])
    some(name, ...VALUES);
  for (const name of ['BUN_CONFIG_TOKEN', 'npm_config_token']) some(name, '', 'et');
  some('BUN_INSTALL_CACHE_DIR', '', 'ec', '~/ec', '/ec');
  return { files, env };
}
