/*
 * Settings of pnpm 10 to 12, by their names in YAML (`lockfileDir`), with variables replaced. Registries and credentials keep the names that
 * .npmrc has for them. A file of a project has no variable replaced that would be sent somewhere.
 */
import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { parse } from 'ini';
import { lt } from 'semver';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import { realOrSame } from '@tarwarden/guard/real-path';
import { authorsFor } from '../shared/author.ts';
import { asRecord, fileLayer, readText, readWithMark } from '../shared/files.ts';
import {
  camel,
  isOwn,
  lookUp,
  textOfSetting,
  variableLayer,
  type Author,
  type AuthorOf,
  type Layers,
  type SettingsLayer,
} from '../shared/layer.ts';
import { npmProjectRoot } from '../npm/settings.ts';
import { pathOfSetting, type ClientContext, type Variables } from '../shared/where.ts';
import { yamlValues } from '../shared/yaml.ts';

/** The newest version of each kind, for a question about every pnpm that may run. */
export const PNPM_VERSIONS = ['10.99.0', '11.99.0', '12.99.0'] as const;
/** The first version that takes any setting from pnpm-workspace.yaml. */
const PNPM_WITH_YAML = '10.6.0';

function majorOf(version: string): number {
  return Number.parseInt(version, 10);
}

const WORKSPACE = 'pnpm-workspace.yaml';
/** Manifests of a package. pnpm takes the first that exists. */
const MANIFESTS = ['package.json', 'package.json5', 'package.yaml'];

/** The folders in which pnpm runs. */
export interface PnpmFolders {
  /** The folder with the nearest pnpm-workspace.yaml. Undefined if there is none. */
  readonly workspace: string | undefined;
  /** The folder of the package. */
  readonly package: string;
}

/** The settings of a version of pnpm, the strongest first. */
export function pnpmLayers(version: string, context: ClientContext): Layers {
  const folders = foldersAbove(realOrSame(context.folder));
  const workspace = folders.find((above) => existsSync(join(above, WORKSPACE)));
  return pnpmLayersIn(version, context, { workspace, package: npmProjectRoot(context.folder) });
}

export function pnpmLayersIn(
  version: string,
  context: ClientContext,
  folders: PnpmFolders,
): Layers {
  const authorOf = authorsFor(context);
  const { variables, yaml, npmrcs } = userFiles(version, context, authorOf);
  const root = folders.workspace ?? folders.package;
  const isNew = majorOf(version) > 10;
  const inYaml = folders.workspace === undefined ? undefined : join(folders.workspace, WORKSPACE);
  const workspace =
    inYaml === undefined || lt(version, PNPM_WITH_YAML)
      ? []
      : yamlLayer(inYaml, authorOf(inYaml), context.env);
  const projects = [...new Set(isNew ? [root] : [folders.package, root])].flatMap((folder) => {
    const file = join(folder, '.npmrc');
    return npmrcLayer(file, authorOf(file), { env: context.env, isNew });
  });
  if (isNew) return [variables, ...workspace, ...yaml, ...projects, ...npmrcs];
  const likeNpm = [variables, ...projects, ...npmrcs];
  // The manifest is beside the lockfile. A pnpm-workspace.yaml that moves the lockfile does not move it.
  const lockfileDir = textOfSetting(likeNpm, 'lockfileDir');
  const manifest = lockfileDir === undefined ? root : resolve(context.folder, lockfileDir);
  return [...workspace, ...manifestLayer(manifest, authorOf), ...likeNpm];
}

/** The user's settings for a version of pnpm, the strongest first. No file of a project is read. */
export function pnpmUserLayers(version: string, context: ClientContext): Layers {
  const { variables, yaml, npmrcs } = userFiles(version, context, () => 'project');
  return [variables, ...yaml, ...npmrcs].filter(isOwn);
}

interface UserFiles {
  readonly variables: SettingsLayer;
  readonly yaml: Layers;
  readonly npmrcs: Layers;
}

/** @param authorOf For a folder of settings that is relative to that of the project. */
function userFiles(version: string, context: ClientContext, authorOf: AuthorOf): UserFiles {
  const { env, home, prefix } = context;
  const isNew = majorOf(version) > 10;
  const variables = pnpmVariables(env, isNew ? /^pnpm_config_(.+)$/i : /^npm_config_(.+)$/i);
  const folder = configFolder(context, majorOf(version));
  const inConfig = (name: string): readonly [string, Author] => {
    const file = resolve(context.folder, folder, name);
    return [file, isAbsolute(folder) ? 'user' : authorOf(file)];
  };
  const fileOfSetting = (layers: Layers, setting: string, usual: string): string => {
    const value = lookUp(layers, setting)?.value;
    return typeof value === 'string' && value !== '' ? pathOfSetting(value, context) : usual;
  };
  const npmrc = ([file, author]: readonly [string, Author]): SettingsLayer[] =>
    npmrcLayer(file, author, { env, isNew });
  const npms = pnpmVariables(env, /^npm_config_(.+)$/i);
  const usual = fileOfSetting([npms], 'userconfig', join(home, '.npmrc'));
  if (!isNew) {
    const shared = fileOfSetting([npms], 'globalconfig', join(prefix, 'etc/npmrc'));
    return {
      variables,
      yaml: [],
      npmrcs: [[usual, 'user'] as const, [shared, 'user'] as const, inConfig('rc')].flatMap(npmrc),
    };
  }
  const yaml = yamlLayer(...inConfig('config.yaml'), env);
  const userFile = fileOfSetting([variables, ...yaml], 'npmrcAuthFile', usual);
  return {
    variables,
    yaml,
    npmrcs: [inConfig('auth.ini'), [userFile, 'user'] as const].flatMap(npmrc),
  };
}

/**
 * The folder with the user's settings. It can be relative to the folder in which pnpm runs. pnpm 12 takes an empty XDG_CONFIG_HOME for that
 * folder itself.
 */
function configFolder({ env, home, platform }: ClientContext, major: number): string {
  const { XDG_CONFIG_HOME: xdg, LOCALAPPDATA: local } = env;
  if (xdg || (xdg === '' && major > 11)) return join(xdg, 'pnpm');
  if (platform === 'darwin') return join(home, 'Library/Preferences/pnpm');
  return platform === 'win32' && local ? join(local, 'pnpm/config') : join(home, '.config/pnpm');
}

/** `pnpm_config_lockfile_dir`, in upper or lower case. */
function pnpmVariables(env: Variables, pattern: RegExp): SettingsLayer {
  return variableLayer(env, (variable, text) => {
    const key = text === '' ? undefined : pattern.exec(variable)?.[1];
    if (key === undefined) return undefined;
    const name = key.startsWith('//') ? key : key.replaceAll(/(?!^)_/g, '-').toLowerCase();
    const setting = inYaml(name);
    if (setting === undefined) return undefined;
    const isSwitch = text === 'true' || text === 'false';
    return [setting, isSwitch ? text === 'true' : withPnpmVariables(text, env)];
  });
}

/** The name of a setting in YAML. Undefined for a name that pnpm does not accept in a file in npm's format. */
function inYaml(name: string): string | undefined {
  if (/^[a-z][a-z0-9-]*$/.test(name)) return camel(name);
  return /^(?:@|\/\/|_)|:/.test(name) ? name : undefined;
}

/** The only settings that pnpm 11 and 12 read from a file in npm's format. */
const OF_NETWORK =
  /^(?:[@/].*|ca|cafile|cert|key|registry|https-proxy|http-proxy|proxy|no-proxy|noproxy|local-address|strict-ssl|_auth|_authToken|_password|email|username)$/s;

/** Settings that say where requests go, or that are sent with them. */
const SENT =
  /^(?:[@/_]|pnprServer$|userAgent$|.*(?:registry|proxy|token|tokenHelper|username|cert|key)$)/is;

function npmrcLayer(
  file: string,
  author: Author,
  { env, isNew }: { readonly env: Variables; readonly isNew: boolean },
): SettingsLayer[] {
  return fileLayer(
    file,
    author,
    (text) =>
      new Map(
        Object.entries(parse(text)).flatMap(([written, value]: [string, unknown]) => {
          const name = withPnpmVariables(written, env);
          const setting = isNew && !OF_NETWORK.test(name) ? undefined : inYaml(name);
          if (setting === undefined) return [];
          if (
            author === 'project' &&
            SENT.test(setting) &&
            hasVariable(`${written}=${String(value)}`)
          )
            return [];
          return [[setting, replacedIn(value, env)] as const];
        }),
      ),
    readWithMark,
  );
}

function yamlLayer(file: string, author: Author, env: Variables): SettingsLayer[] {
  return fileLayer(file, author, (text) => {
    const countedValues = [...yamlValues(text)].filter(
      ([name, value]) =>
        author !== 'project' ||
        !SENT.test(name) ||
        typeof value !== 'string' ||
        !hasVariable(value),
    );
    return new Map(countedValues.map(([name, value]) => [name, replacedIn(value, env)]));
  });
}

/** pnpm 10 takes config dependencies from a manifest, and no other setting that counts here. */
function manifestLayer(root: string, authorOf: AuthorOf): SettingsLayer[] {
  const file = MANIFESTS.map((name) => join(root, name)).find((path) => readText(path));
  if (file === undefined) return [];
  return fileLayer(file, authorOf(file), (text) => {
    // JSON5 is read if it is JSON.
    const manifest = file.endsWith('.yaml')
      ? Object.fromEntries(yamlValues(text))
      : JSON.parse(text);
    const { configDependencies } = asRecord(asRecord(manifest)['pnpm']);
    return new Map(
      configDependencies === undefined ? [] : [['configDependencies', configDependencies]],
    );
  });
}

/** `${NAME}`, `${NAME-other}`, `${NAME:-other}`, and `${NAME?}`, which an unset variable leaves empty. */
const VARIABLE = /(?<!\\)(\\*)\$\{([^${}]+)\}/g;

function withPnpmVariables(text: string, env: Variables): string {
  return text.replaceAll(VARIABLE, (written, escapes: string, inner: string) => {
    if (escapes.length % 2 === 1) return written.slice((escapes.length + 1) / 2);
    const [, name = inner.replace(/\?$/, ''), colon, fallback = ''] =
      /^([^:-]+)(:?)-(.+)$/s.exec(inner) ?? [];
    const value = env[name];
    const isUnset = value === undefined || (value === '' && colon === ':');
    return escapes.slice(escapes.length / 2) + (isUnset ? fallback : value);
  });
}

function replacedIn(value: unknown, env: Variables): unknown {
  return typeof value === 'string' ? withPnpmVariables(value, env) : value;
}

/** Whether the text may contain a variable that pnpm replaces. */
function hasVariable(text: string): boolean {
  // Search twice: a single pattern would read to the end of the text from each `${`.
  const at = text.search(/\$\{[^}]/);
  return at >= 0 && text.includes('}', at);
}
