/** Yarn 3 and 4 are asked by a plugin that loads the configuration of each case by Yarn's own `Configuration`. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookUp, clientContext, yarnLayers, type SettingOrigin } from '@tarwarden/settings';
import { execute } from '../execute.ts';
import { managerFolder, type YarnName } from '../managers.ts';
import type { Answer, WrittenCase } from './subject.ts';

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
