import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileLayer, withPaths, type ReplacedSettings } from '../shared/files.ts';
import { authorsFor } from '../shared/author.ts';
import { lookUp, type Author, type SettingsLayer, type Layers } from '../shared/layer.ts';
import { pathOfSetting, type Variables, type ClientContext } from '../shared/where.ts';
import { bunfigValues } from './bunfig.ts';
import { bunRoot } from './manifest.ts';
import { isRegistry, registryEntries, withRegistries } from './registries.ts';
import { NPM_REGISTRY, registryPlace } from '../registries/entries.ts';
import { parse } from 'ini';
import { withNpmVariables } from '../npm/settings.ts';

export const BUNFIG = 'bunfig.toml';
export const USER_BUNFIG = '.bunfig.toml';

/**
 * The registries and authorities of bun 1.4, the strongest first, in the words of an .npmrc: variables of the environment, the project's
 * bunfig.toml, the user's, the project's .npmrc, the user's.
 */
export function bunLayers(context: ClientContext): SettingsLayer[] {
  const authorOf = authorsFor(context);
  const root = rootOf(context.folder);
  const { bunfig, npmrc } = bunUserFiles(context);
  const layer = (parse: Parse, file: string, author: Author): SettingsLayer[] =>
    fileLayer(file, author, (text) => {
      const { values, written } = parse(text, context.env);
      // A path is relative to the folder of the file.
      const base = { folder: dirname(file), home: context.home };
      return {
        values: withPaths(values, /^cafile$/, (path) => pathOfSetting(path, base)),
        written,
      };
    });
  const project = (parse: Parse, name: string): SettingsLayer[] => {
    if (root === undefined) return [];
    const file = join(root, name);
    return layer(parse, file, authorOf(file));
  };
  const files = [
    ...project(bunfigValues, BUNFIG),
    ...(bunfig === undefined ? [] : layer(bunfigValues, bunfig, 'user')),
    ...project(bunNpmrcValues, '.npmrc'),
    ...(npmrc === undefined ? [] : layer(bunNpmrcValues, npmrc, 'user')),
  ];
  return [environmentLayer(context, files), ...files];
}

type Parse = (text: string, env: Variables) => ReplacedSettings;

/** The user's own files that bun reads. Undefined if bun looks for none, for example without a home folder. */
export function bunUserFiles({
  env,
  folder,
  platform,
}: Pick<ClientContext, 'env' | 'folder' | 'platform'>): {
  readonly bunfig: string | undefined;
  readonly npmrc: string | undefined;
} {
  // bun takes the home folder only from the variable, and ignores a relative path.
  const home = absolute(env[platform === 'win32' ? 'USERPROFILE' : 'HOME']);
  const xdg = absolute(env['XDG_CONFIG_HOME']);
  const config = xdg ?? home;
  const userConfig = env['NPM_CONFIG_USERCONFIG'] || env['npm_config_userconfig'];
  const npmrcs = [xdg, home].flatMap((folder) =>
    folder === undefined ? [] : [join(folder, '.npmrc')],
  );
  return {
    bunfig: config && join(config, USER_BUNFIG),
    npmrc: userConfig
      ? resolve(folder, userConfig)
      : (npmrcs.find((file) => existsSync(file)) ?? npmrcs.at(-1)),
  };
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

/** Undefined if a package.json cannot be read. */
function rootOf(folder: string): string | undefined {
  try {
    return bunRoot(folder);
  } catch {
    return undefined;
  }
}

const REGISTRY = ['BUN_CONFIG_REGISTRY', 'NPM_CONFIG_REGISTRY', 'npm_config_registry'];
const TOKEN = ['BUN_CONFIG_TOKEN', 'NPM_CONFIG_TOKEN', 'npm_config_token'];

type Entries = readonly (readonly [string, string])[];

/** bun takes the first of several variables that is not empty, in exactly this spelling. */
function environmentLayer({ env }: ClientContext, files: Layers): SettingsLayer {
  const values = new Map<string, unknown>();
  const names = new Map<string, string>();
  const layer: SettingsLayer = {
    values,
    origin: (setting) => ({ kind: 'variable', name: names.get(setting) ?? setting }),
  };
  const take = (variables: readonly string[], entriesOf: (value: string) => Entries): void => {
    const name = variables.find((variable) => env[variable]);
    if (name === undefined) return;
    for (const [setting, value] of entriesOf(env[name]!)) {
      values.set(setting, value);
      names.set(setting, name);
    }
  };
  take(REGISTRY, (url) => registryEntries('registry', { url }, env));
  take(TOKEN, (token) => {
    // It belongs to the registry in force.
    const registrySetting = lookUp([layer, ...files], 'registry') ?? { value: NPM_REGISTRY };
    const url = String(registrySetting.value);
    return URL.canParse(url) ? [[`${registryPlace(new URL(url))}:_authToken`, token]] : [];
  });
  return layer;
}

/**
 * Texts that bun and npm's parser read differently: lines that end otherwise than by a line feed, variables behind a backslash that is
 * itself escaped or in quotes, UTF-16, which bun decodes, and sections, which take the place of a setting of their name for npm's parser.
 */
const READ_DIFFERENTLY =
  /\r[^\r\n]|[\u2028\u2029]|\\\\\$\{|(?:^|\n)[^=\n]*=[^\S\n]*["'][^\n]*\\\$\{|\0|^\uFFFD\uFFFD|(?:^|\n)[^\S\n]*\[[^\S\n]*["']?(?:registry|ca|@|\/\/)/;

/**
 * The settings in the text of an .npmrc, as bun has them, and as they are written. Unlike npm, bun replaces no variable in a name. It
 * ignores sections, registries that are not texts, and all lists except those of authorities.
 * @throws an Error for a text that bun may read differently.
 */
export function bunNpmrcValues(text: string, env: Variables): ReplacedSettings {
  if (READ_DIFFERENTLY.test(text) || text.split('\n').some(isNullOfDots))
    throw new Error('bun may read this differently');
  const written = Object.entries(parse(text)).flatMap(acceptedEntries);
  const values = written.map(([name, value]): readonly [string, unknown] => [
    name,
    typeof value === 'string' ? withNpmVariables(value, env) : value,
  ]);
  return { values: withRegistries(new Map(values), env), written: new Map(written) };
}

/** Whether a line gives `null` to a name with a dot. npm's parser takes such a name for a section, which replaces a setting. */
function isNullOfDots(line: string): boolean {
  const end = line.indexOf('=');
  return line.slice(0, end).includes('.') && /^\s*["']?null/.test(line.slice(end + 1));
}

function acceptedEntries([name, value]: readonly [string, unknown]): (readonly [
  string,
  unknown,
])[] {
  if (typeof value === 'string') return [[name, value]];
  const isMeant = name === 'ca' ? Array.isArray(value) : typeof value === 'boolean';
  return isMeant && !isRegistry(name) ? [[name, value]] : [];
}
