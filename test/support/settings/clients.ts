/**
 * The settings that each pinned client knows, taken from the client itself, so that a new one shows up. None of them
 * ships a schema: npm exports its definitions, Yarn lists its own, pnpm 10 and 11 keep theirs as literals in their one
 * file, and pnpm 12, a native program, is asked name by name.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { guardable, managerFolder, run } from '../managers.ts';
import { makeSandbox } from '../sandbox.ts';
import { settingsOfPnpm12 } from './pnpm-binary.ts';

/** The clients whose settings are on record. */
export const clients = guardable;

export type Client = (typeof clients)[number];

/** Names of settings, sorted, as a project writes them: npm's in kebab-case, the others' in camelCase. */
export async function settingsOf(client: Client): Promise<string[]> {
  const names = client.startsWith('npm')
    ? settingsOfNpm(client)
    : client.startsWith('yarn')
      ? await settingsOfYarn(client)
      : client === 'pnpm-10'
        ? settingsOfPnpm10()
        : client === 'pnpm-11'
          ? settingsOfPnpm11()
          : settingsOfPnpm12(managerFolder(client), settingsOfPnpm11());
  return [...new Set(names)].toSorted();
}

/** Besides its definitions, npm takes these for each registry (`//host/:_authToken`). */
function settingsOfNpm(client: Client): string[] {
  const config = join(managerFolder(client), 'node_modules/@npmcli/config');
  const load = createRequire(join(config, 'package.json'));
  const { definitions } = load('./lib/definitions/index.js') as { definitions: object };
  const nerfDarts = [
    ...readFileSync(join(config, 'lib/index.js'), 'utf8').matchAll(/`\$\{nerfed\}:(\w+)`/g),
  ].map(([, name = '']) => `//:${name}`);
  const { nerfDarts: listed = [] } = load('./lib/definitions/index.js') as { nerfDarts?: string[] };
  return [...Object.keys(definitions), ...nerfDarts, ...listed.map((name) => `//:${name}`)];
}

async function settingsOfYarn(client: Client): Promise<string[]> {
  const sandbox = makeSandbox();
  try {
    writeFileSync(join(sandbox.project, 'yarn.lock'), '');
    const { stdout } = await run(client, ['config', '--json'], { sandbox });
    return stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => (JSON.parse(line) as { key: string }).key);
  } finally {
    sandbox.dispose();
  }
}

const KEY = /^\s*(?:"([\w-]+)"|(\w+)):/gm;
const STRING = /"([A-Za-z][\w-]*)"/g;

/** pnpm 10 copies any key of pnpm-workspace.yaml over its configuration, so its inner names count as well. */
function settingsOfPnpm10(): string[] {
  const text = readFileSync(join(managerFolder('pnpm-10'), 'dist/pnpm.cjs'), 'utf8');
  const types = between(text, '// ../config/config/lib/types.js', '}, types_1.default.types)');
  const npmConf = between(text, 'npm-conf/lib/types.js"(exports2) {', '\n    };\n  }');
  const picked = between(text, '...(0, pick_1.default)([', '], manifest.pnpm');
  const getConfig = between(
    text,
    'async function getConfig(opts) {',
    '\n    function getProxyValue',
  );
  return [
    ...matches(literal(types, 'exports2.types ='), KEY),
    ...matches(literal(npmConf, 'exports2.types ='), KEY),
    ...matches(picked, STRING),
    ...matches(getConfig, /\bpnpmConfig\.(\w+)/g),
  ].map(camelCase);
}

/** Those that pnpm 11 knows, and those that it knows and takes from no project. */
function settingsOfPnpm11(): string[] {
  const text = readFileSync(join(managerFolder('pnpm-11'), 'dist/pnpm.mjs'), 'utf8');
  const lists = [
    'TYPED_WORKSPACE_MANIFEST_KEYS',
    'CONFIG_ONLY_SETTING_KEYS',
    'UNTYPED_WORKSPACE_SETTING_KEYS',
    'MACHINE_LOCATION_KEYS',
    'CURRENT_RUN_LOCATION_KEYS',
    'CREDENTIAL_KEYS',
    'LOGIN_TARGET_KEYS',
    'CONFIG_CONTEXT_KEYS',
  ].map((name) => between(text, ` ${name} = [`, '];'));
  const types = ['pnpmTypes', 'npmConfigTypes'].map((name) =>
    between(text, ` ${name} = {`, '\n    };'),
  );
  return [
    ...lists.flatMap((list) => matches(list, STRING)),
    ...types.flatMap((list) => matches(list, KEY)),
  ].map(camelCase);
}

/** The text between two marks; a client that is built differently must not look like one without settings. */
function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  const end = text.indexOf(to, start + from.length);
  if (start < 0 || end < 0) throw new RangeError(`not found: ${from} … ${to}`);
  return text.slice(start + from.length, end);
}

function literal(text: string, from: string): string {
  const start = text.indexOf(from);
  if (start < 0) throw new RangeError(`not found: ${from}`);
  return text.slice(start);
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, first, second]) => first ?? second ?? []);
}

/** As pnpm writes the names of options in YAML. */
function camelCase(name: string): string {
  return name.replace(/(?<=.)-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
