/* npm 10, 11 and 12: what npm's own module for its settings says, and what the reader says. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  npmLayers,
  clientContext,
  type SettingsLayer,
} from '../../../packages/settings/src/index.ts';
import { NPM_TYPES, READ_EARLY } from '../../../packages/settings/src/npm/types.ts';
import { available, managerFolder, nodePath, type NpmName } from '../../support/managers.ts';
import type { Random } from '../random.ts';
import type { Answer, SettingsCase, SettingsSubject, WrittenCase } from './subject.ts';

/** Settings whose type is known, but for those by which npm finds its files: these are compared. Then settings of places, of scopes, and a name that npm does not know. */
export const NPM_SETTINGS: readonly string[] = [
  ...Object.keys(NPM_TYPES).filter((name) => !READ_EARLY.has(name)),
  '@scope:registry',
  '//registry.example/:_authToken',
  '//registry.example/a/:_password',
  'store-dir',
];

/** Settings that the older npm do not know: to these they are texts of no type. */
const NEWER: Readonly<Record<string, RegExp>> = {
  'npm-10': /^(?:min-release-age|allow-|dangerously-|strict-allow|extension-|ignore-ext)/,
  'npm-11': /^(?:extension-|ignore-ext)/,
};

function settingsOf(client: NpmName): readonly string[] {
  return NPM_SETTINGS.filter((name) => NEWER[client]?.test(name) !== true);
}

/** Arguments of npm are a case's variable of this name. */
export const ARGUMENTS = 'CASE_ARGUMENTS';
/** The folder that npm is started in, below the case's folder. */
export const FOLDER = 'CASE_FOLDER';

interface Started {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly npmPath: string;
  readonly execPath: string;
}

function started({ env, folder }: WrittenCase): Started {
  const { [ARGUMENTS]: args = '', [FOLDER]: below = 'project', ...own } = env;
  const inCase = (text: string): string => text.replaceAll('CASE', folder);
  mkdirSync(join(folder, below), { recursive: true });
  return {
    cwd: join(folder, below),
    env: {
      HOME: join(folder, 'home'),
      ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, inCase(value)])),
    },
    args: args === '' ? [] : inCase(args).split(' '),
    npmPath: join(folder, 'npm'),
    execPath: join(folder, 'bin', 'node'),
  };
}

export function npmSubject(client: NpmName): SettingsSubject {
  return {
    client,
    isAvailable: available(client).ok,
    batch: 200,
    generate: (random) => npmCase(random),
    ask: (cases) => Promise.resolve(askNpm(client, cases)),
    read: (written) => readNpm(client, written),
  };
}

function askNpm(client: NpmName, cases: readonly WrittenCase[]): Answer[] {
  const program = fileURLToPath(new URL('npm-config.cjs', import.meta.url));
  const node = nodePath(client === 'npm-12' ? 'node-24' : 'system');
  const input = JSON.stringify(
    cases.map((written) => ({ ...started(written), settings: settingsOf(client) })),
  );
  const { stdout, stderr, status } = spawnSync(node, [program, managerFolder(client)], {
    input,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${client} did not answer: ${stderr}`);
  const answers = JSON.parse(stdout) as readonly {
    error?: string;
    values?: Record<string, unknown>;
  }[];
  return answers.map(({ values }) => (values === undefined ? 'refused' : texts(values)));
}

export function readNpm(client: NpmName, written: WrittenCase): Answer {
  const layers = npmLayersOf(client, written);
  if (layers.some(({ unreadable }) => unreadable !== undefined)) return 'refused';
  const values = settingsOf(client).flatMap((name) => {
    const found = layers.find((layer) => layer.values.has(name));
    const value = found?.values.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const files = layers.flatMap((layer) => {
    const from = layer.origin('');
    return from.kind === 'file' ? [from.file] : [];
  });
  return texts({ ...Object.fromEntries(values), files });
}

export function npmLayersOf(client: NpmName, written: WrittenCase): readonly SettingsLayer[] {
  const { cwd, env, args, npmPath, execPath } = started(written);
  const where = clientContext({
    folder: cwd,
    env,
    platform: 'linux',
    node: execPath,
    ownFolder: npmPath,
  });
  const major = Number(client.slice('npm-'.length));
  return npmLayers({ ...where, args, major })[0]!;
}

/** As JSON. The reader leaves a date as it is written. */
function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      JSON.stringify(name === 'before' ? dates(value) : value) ?? 'undefined',
    ]),
  );
}

function dates(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dates);
  return typeof value === 'string' ? new Date(value) : value;
}

export function npmCase(random: Random): SettingsCase {
  const files: Record<string, string> = {};
  for (const path of ['project/.npmrc', 'home/.npmrc', 'etc/npmrc', 'npm/npmrc'])
    if (!random.chance(3)) files[path] = npmrcText(random);
  if (random.chance(8)) files['other/npmrc'] = npmrcText(random);
  if (random.chance(2)) files['project/package.json'] = '{}';
  if (random.chance(6)) files['package.json'] = `{"workspaces":${random.pick(WORKSPACES)}}`;
  const env: Record<string, string> = { CASE_SET: random.pick(['set', '', 'true', '/a-b']) };
  for (let left = random.int(3); left > 0; left--) addVariable(env, random);
  if (random.chance(8)) env['PREFIX'] = random.pick(['', 'CASE/other', 'relative']);
  if (random.chance(12)) env['DESTDIR'] = random.pick(['', '/destination']);
  if (random.chance(8)) env[ARGUMENTS] = random.pick(LINES);
  return { files, env };
}

const WORKSPACES = ['["project"]', '["*"]', '{"packages":["p*"]}', '["other"]', '["*","!project"]'];
const LINES = [
  'install --ignore-scripts',
  'install --no-ignore-scripts x',
  '-g install x',
  '--prefix CASE/other install',
  'install --registry=https://option.example/x',
  'install --location=global',
  'install --no-workspaces',
  'install --userconfig CASE/other/npmrc',
  '--ignore-scripts false install',
];

const NAMES = [
  ...READ_EARLY,
  ...NPM_SETTINGS.filter((name) => name !== 'local-address'),
  'ignore_scripts',
];

function addVariable(env: Record<string, string>, random: Random): void {
  const name = random.pick(NAMES);
  const written = random.chance(2) ? name.replaceAll('-', '_') : name;
  const full = `npm_config_${written}`;
  env[random.chance(4) ? full.toUpperCase() : full] = value(random, name);
}

const PIECES = [
  'true',
  'false',
  'null',
  'undefined',
  '0',
  '1',
  '12',
  '1e3',
  'global',
  'user',
  'none',
  'all',
  'x',
  '/srv/x',
  './y',
  '~/z',
  '~',
  'https://registry.example/a',
  'https://Registry.Example',
  'http://127.0.0.1:4873',
  '2024-01-01',
  '2024-01-01T00:00:00.000Z',
  '${CASE_SET}',
  '${CASE_UNSET}',
  '${CASE_UNSET?}',
  '${CASE_SET?}',
  '${CASE_UNSET-other}',
  '${CASE_UNSET:-other}',
  '\\${CASE_SET}',
  '\\\\${CASE_SET}',
  '"quoted"',
  "'single'",
  '"\\u0061"',
  '"half',
  '"a;b"',
  'a;b',
  'a\\;b',
  'a#b',
  'a=b',
  ' x ',
  '',
  '\\n',
  '\u00e9',
  '"true"',
  '"${CASE_SET}"',
  'CASE_SET',
];

/** npm 10 and 11 read addresses with `url.parse`, to which `http://host:80x` and `https://host'x` are other ones. */
const ADDRESSES = [
  'https://registry.example/a',
  'https://Registry.Example',
  'http://127.0.0.1:4873',
  'https://registry.example/${CASE_SET}',
  'x',
  'true',
  'false',
  'null',
  '',
  '/srv/x',
];

function value(random: Random, name: string): string {
  if (/(?:registry|proxy)\W*$/i.test(name)) return random.pick(ADDRESSES);
  const first = random.pick(PIECES);
  // npm drops a date that is `null` only once its variables are replaced. For us it is not set either way.
  if (name === 'before') return first;
  return random.chance(5) ? `${first}${random.pick(PIECES)}` : first;
}

function npmrcText(random: Random): string {
  const lines = Array.from({ length: random.int(7) }, () => line(random));
  const text = lines.join(random.pick(['\n', '\n', '\r\n', '\r', '\n\n']));
  return `${random.chance(8) ? '\uFEFF' : ''}${text}${random.chance(3) ? '' : '\n'}`;
}

function line(random: Random): string {
  const name = random.chance(12)
    ? random.pick(['${CASE_SET}', 'ca${CASE_UNSET?}che', '"registry"', '__proto__', 'Registry'])
    : random.pick(NAMES);
  if (random.chance(14)) return random.pick(['[section]', '[a.b]', '# x', '; x', ' ']);
  if (random.chance(14)) return name;
  const isList = random.chance(10) ? '[]' : '';
  const between = random.pick(['=', '=', '=', ' = ', '= ']);
  return `${random.chance(10) ? ' ' : ''}${name}${isList}${between}${value(random, name)}`;
}
