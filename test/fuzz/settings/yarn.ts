/** Yarn 3 and 4 are asked by a plugin that loads the configuration of each case by Yarn's own `Configuration`. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookUp, clientContext, yarnLayers, type SettingOrigin } from '@tarwarden/settings';
import { execute } from '../../support/execute.ts';
import { managerFolder, type YarnName } from '../../support/managers.ts';
import type { Random } from '../random.ts';
import type { Answer, SettingsCase, SettingsSubject, WrittenCase } from './subject.ts';

/** Settings that are asked for, by what Yarn makes of a text. */
const KINDS = {
  text: ['npmRegistryServer', 'npmAuthToken', 'nodeLinker', 'checksumBehavior', 'initScope'],
  path: ['yarnPath', 'globalFolder', 'cacheFolder'],
  boolean: ['enableScripts', 'enableStrictSsl', 'ignorePath'],
} as const;
const NAMES = Object.values(KINDS).flat();

const PLUGIN = `
module.exports = { name: 'plugin-ask', factory: (require) => {
  const { Configuration } = require('@yarnpkg/core');
  const { Command } = require('clipanion');
  const fs = require('fs');
  class Ask extends Command {
    async execute() {
      const { cases, names } = JSON.parse(fs.readFileSync(process.env.ASK, 'utf8'));
      const answers = [];
      const own = { ...process.env };
      for (const name of Object.keys(own)) if (/^yarn_/i.test(name)) delete own[name];
      for (const { cwd, env } of cases) {
        for (const name of Object.keys(process.env)) delete process.env[name];
        Object.assign(process.env, own, env);
        process.chdir(cwd);
        try {
          const configuration = await Configuration.find(cwd, this.context.plugins);
          answers.push(Object.fromEntries(names.flatMap((name) => {
            const source = configuration.sources.get(name);
            return source === undefined || source[0] === '<' && source !== '<environment>' ? [] :
              [[name, JSON.stringify([configuration.get(name), source])]];
          })));
        } catch (error) {
          answers.push('refused: ' + error.message);
        }
      }
      fs.writeFileSync(process.env.ASK, JSON.stringify(answers));
    }
  }
  Ask.paths = [['ask']];
  return { commands: [Ask] };
} };
`;

/** Yarn's answer to each case, or why it stops. */
export async function askYarn(
  client: YarnName,
  cases: readonly WrittenCase[],
  names: readonly string[] = NAMES,
): Promise<readonly (Readonly<Record<string, string>> | string)[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tarwarden-ask-'));
  try {
    const [asked, plugin] = [join(folder, 'asked.json'), join(folder, 'plugin.cjs')];
    writeFileSync(plugin, PLUGIN);
    writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(join(folder, 'yarn.lock'), '');
    const of = cases.map((one) => ({ cwd: folderOf(one), env: environmentOf(one) }));
    writeFileSync(asked, JSON.stringify({ cases: of, names }));
    mkdirSync(join(folder, 'home'));
    const result = await execute(
      process.execPath,
      [join(managerFolder(client), 'bin/yarn.js'), 'ask'],
      {
        cwd: folder,
        env: {
          PATH: process.env['PATH'],
          HOME: join(folder, 'home'),
          ASK: asked,
          YARN_PLUGINS: plugin,
          YARN_ENABLE_TELEMETRY: '0',
        },
      },
    );
    if (result.code !== 0) throw new Error(result.stdout + result.stderr);
    return JSON.parse(readFileSync(asked, 'utf8')) as readonly (
      | Readonly<Record<string, string>>
      | string
    )[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const folderOf = ({ folder }: WrittenCase): string => join(folder, 'project', 'inner');

function environmentOf({ folder, env }: WrittenCase): Record<string, string> {
  const { HOME = 'home', ...rest } = env;
  // With a global cache, Yarn says where that is, whatever a file says of cacheFolder.
  return { ...rest, HOME: join(folder, HOME), YARN_ENABLE_GLOBAL_CACHE: '0' };
}

/** Our reader's answer to a case, in the same form. */
export function readYarn(
  major: 3 | 4,
  written: WrittenCase,
  names: readonly string[] = NAMES,
): Answer {
  const where = clientContext({ folder: folderOf(written), env: environmentOf(written) });
  const layers = yarnLayers(where, major);
  if (layers.some(({ unreadable }) => unreadable !== undefined)) return 'refused';
  return Object.fromEntries(
    names.flatMap((name) => {
      const found = lookUp(layers, name);
      if (found === undefined) return [];
      const value =
        found.unknown !== undefined ? { unknown: found.unknown } : typed(name, found.value);
      return [[name, JSON.stringify([value, sourceOf(found.origin)])]];
    }),
  );
}

function typed(name: string, value: unknown): unknown {
  const isBoolean = (KINDS.boolean as readonly string[]).includes(name);
  return isBoolean ? value === 'true' || value === '1' : value;
}

function sourceOf(origin: SettingOrigin): string {
  return origin.kind === 'file' ? origin.file : '<environment>';
}

/** Where Yarn stops, it installs nothing, and any answer of ours will do. */
export function yarnSubject(major: 3 | 4): SettingsSubject {
  const client = `yarn-${major}` as const;
  const read = (one: WrittenCase): Answer => readYarn(major, one);
  return {
    client,
    isAvailable: true,
    batch: 400,
    generate: (random) => generate(random),
    read,
    ask: async (cases) => {
      const answers = await askYarn(client, cases);
      return answers.map((answer, at) => (typeof answer === 'string' ? read(cases[at]!) : answer));
    },
  };
}

const FILES = [
  'project/inner/.yarnrc.yml',
  'project/.yarnrc.yml',
  'home/.yarnrc.yml',
  '.yarnrc.yml',
  'home/other.yml',
  'project/other.yml',
] as const;

function generate(random: Random): SettingsCase {
  const names = FILES.filter(() => random.chance(2));
  const files = Object.fromEntries(names.map((name) => [name, fileText(random)]));
  return {
    files: { ...files, 'project/inner/package.json': '{}' },
    env: {
      A: 'alpha',
      E: '',
      ...(random.chance(4) && { HOME: random.pick(['', 'project', 'none']) }),
      ...(random.chance(6) && { YARN_RC_FILENAME: 'other.yml' }),
      ...(random.chance(6) && { yarn_Global_folder: random.pick(['x', '${A}', '~/x', '/y', '']) }),
      ...(random.chance(8) && { YARN_ENABLE_SCRIPTS: random.pick(['0', 'true']) }),
    },
  };
}

function fileText(random: Random): string {
  const count = random.int(5);
  const lines = Array.from({ length: count }, (_, at) => entry(random, at));
  const flow = random.chance(20);
  const text = flow
    ? `{${lines.map((line) => line.replaceAll('\n', ' ').trim()).join(', ')}}\n`
    : lines.join('');
  const head = random.pick(['', '', '', '---\n', '# comment\n', '\n\n', '%YAML 1.2\n---\n']);
  const whole = head + text + random.pick(['', '', '', '...\n', '# end', '\n']);
  const ended = random.chance(5)
    ? whole.replaceAll('\n', random.pick(['\r\n', '\r\n', '\r']))
    : whole;
  return (random.chance(8) ? '\uFEFF' : '') + ended;
}

function entry(random: Random, at: number): string {
  const kind = random.pick(['text', 'text', 'path', 'boolean'] as const);
  const name = random.pick<string>(KINDS[kind]);
  const key = random.pick([name, name, name, name, `"${name}"`, `'${name}'`, `? ${name}\n`]);
  const value = kind === 'boolean' ? booleanText(random) : valueText(random, name);
  const odd = random.int(24);
  if (odd === 0 && kind === 'text') return `${key}: &a${at} ${value}\ninitScope: *a${at}\n`;
  if (odd === 1) return `${key}: ${value}\n${name}: ${value}\n${name}: ${value}\n`;
  if (odd === 2) return `npmScopes: &m\n  s: {npmAuthToken: t}\n<<: *m\n`;
  if (odd <= 4 && !value.includes('\n'))
    return `${name}: {onConflict: ${random.pick(['reset', 'extend', 'hardReset'])}, value: ${value}}\n`;
  return `${key}: ${value}${random.pick(['', '', ' # comment', '\t', '  '])}\n`;
}

function booleanText(random: Random): string {
  return random.pick(['true', 'false', '1', '0', '"true"', "'false'", '${N:-true}', '!!str 1']);
}

const WORDS = [
  'plain',
  'a b',
  'https://r.test/x',
  './in',
  '/abs',
  '../up',
  '~/home',
  '~',
  'true',
  'null',
  '0x10',
  'é',
  '',
];
const VARIABLES = [
  '${A}',
  '${E}',
  '${N}',
  '${A-b}',
  '${E-b}',
  '${N-b}',
  '${A:-b}',
  '${E:-b}',
  '${N:-b}',
  '${N-}',
  '${N:-}',
  '${A?}',
  '${N?}',
  '${N-${A}}',
  '${N:-${E:-c}}',
  '${A:}',
  '$A',
  '\\${A}',
  '\\\\${A}',
  '${A:-b}}',
  '${1}',
  '${ A }',
  '${A_}',
  '${N:-a-b}',
  '{}',
  '}',
];

function valueText(random: Random, name: string): string {
  if (name === 'nodeLinker') return random.pick(['pnp', 'pnpm', 'node-modules', '${N:-pnpm}']);
  if (name === 'checksumBehavior')
    return random.pick(['throw', 'ignore', '"update"', '${N-reset}']);
  const count = 1 + random.int(2);
  const text = Array.from({ length: count }, () =>
    random.chance(3) ? random.pick(VARIABLES) : random.pick(WORDS),
  ).join('');
  const quoted = text.replaceAll('\\', '\\\\');
  return random.pick([
    text,
    `"${quoted}"`,
    `"${quoted}"`,
    `'${text}'`,
    `"${quoted}\\u0041\\x42\\t"`,
    `!!str ${text}`,
    `>-\n  ${text}\n  next`,
    `|\n  ${text}\n`,
    `${text}\n  more`,
  ]);
}
