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
import { managerFolder, nodePath, type NpmName } from '../managers.ts';
import type { Answer, SettingsSubject, WrittenCase } from './subject.ts';

/** Settings whose type is known, but for those by which npm finds its files: these are compared. Then settings of places, of scopes, and a name that npm does not know. */
const NPM_SETTINGS: readonly string[] = [
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

function readNpm(client: NpmName, written: WrittenCase): Answer {
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

function npmLayersOf(client: NpmName, written: WrittenCase): readonly SettingsLayer[] {
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
