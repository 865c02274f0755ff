/* npm's settings: variables, the .npmrc of the project, that of the user, and that of all users. */
import { join } from 'node:path';
import { parse } from 'ini';
import { foldersAbove } from '@tarwarden/guard/folders-above';
import { isMember } from '@tarwarden/guard/workspace-members';
import { authorsFor } from '../shared/author.ts';
import {
  asRecord,
  fileLayer,
  isFile,
  isFolder,
  readManifest,
  readWithMark,
  withPaths,
  type ReplacedSettings,
} from '../shared/files.ts';
import { textOfSetting, variableLayer, type Layers, type SettingsLayer } from '../shared/layer.ts';
import { pathOfSetting, type ClientContext, type Variables } from '../shared/where.ts';

/** The strongest first. A file of the project cannot say where the others are. */
export function npmLayers(context: ClientContext): Layers {
  const files = (path: string, author: 'user' | 'project'): SettingsLayer[] =>
    // npm ignores a folder that is in the place of a file.
    isFolder(path)
      ? []
      : fileLayer(path, author, (text) => npmrcValues(text, context), readWithMark);
  const variables = npmVariables(context);
  const userFile = textOfSetting([variables], 'userconfig') ?? join(context.home, '.npmrc');
  const userLayers = [variables, ...files(userFile, 'user')];
  const prefix = textOfSetting(userLayers, 'prefix') ?? context.prefix;
  const shared = textOfSetting(userLayers, 'globalconfig') ?? join(prefix, 'etc', 'npmrc');
  const project = join(npmProjectRoot(context.folder), '.npmrc');
  return [
    variables,
    ...(project === userFile ? [] : files(project, authorsFor(context)(project))),
    ...userLayers.slice(1),
    ...files(shared, 'user'),
  ];
}

/** npm's root: the folder of the nearest package, or that of the workspace around it. */
export function npmProjectRoot(folder: string): string {
  const folders = foldersAbove(folder);
  const isPackage = (at: string): boolean => isFile(join(at, 'package.json'));
  const start = folders.find((at) => isPackage(at) || isFolder(join(at, 'node_modules')));
  if (start === undefined || !isPackage(start)) return start ?? folders[0]!;
  const workspace = folders.slice(folders.indexOf(start) + 1).find((above) => {
    const { workspaces } = readManifest(above);
    return isMember(
      above,
      start,
      Array.isArray(workspaces) ? workspaces : asRecord(workspaces)['packages'],
    );
  });
  return workspace ?? start;
}

/** `npm_config_ignore_scripts`, in upper or lower case. npm ignores an empty one. */
function npmVariables(context: ClientContext): SettingsLayer {
  const layer = variableLayer(context.env, (variable, text) => {
    const name = text === '' ? undefined : /^npm_config_(.+)$/is.exec(variable)?.[1];
    if (name === undefined) return undefined;
    const setting = name.startsWith('//') ? name : name.replaceAll(/(?!^)_/g, '-').toLowerCase();
    return [setting, WORDS.has(text) ? WORDS.get(text) : text];
  });
  const values = [...layer.values].map(([name, value]): [string, unknown] => [
    name,
    typeof value === 'string' ? withNpmVariables(value, context.env) : value,
  ]);
  return { ...layer, values: absolutePaths(new Map(values), context), written: layer.values };
}

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** The settings in the text of an .npmrc, with variables replaced, and as they are written. */
export function npmrcValues(
  text: string,
  context: Pick<ClientContext, 'env' | 'folder' | 'home'>,
): ReplacedSettings {
  const written = Object.entries(parse(text)) as [string, unknown][];
  const replaced = (value: unknown): unknown =>
    typeof value === 'string' ? withNpmVariables(value, context.env) : value;
  const values = written.map(([name, value]): [string, unknown] => [
    withNpmVariables(name, context.env),
    Array.isArray(value) ? value.map(replaced) : replaced(value),
  ]);
  return { values: absolutePaths(new Map(values), context), written: new Map(written) };
}

/** Paths are relative to the folder in which npm is started. */
function absolutePaths(
  values: ReadonlyMap<string, unknown>,
  context: Pick<ClientContext, 'folder' | 'home'>,
): ReadonlyMap<string, unknown> {
  const paths = /^(?:userconfig|globalconfig|prefix|cache|cafile)$/;
  return withPaths(values, paths, (path) => pathOfSetting(path, context));
}

/**
 * A text with `${NAME}` replaced by the variable. An unset variable stays as it is written, and `${NAME?}` is empty then. npm has no
 * `${NAME-other}`: there, `NAME-other` is the name of the variable.
 */
export function withNpmVariables(text: string, env: Variables): string {
  return text.replaceAll(
    /(?<!\\)(\\*)\$\{([^${}?]+)(\?)?\}/g,
    (whole: string, escapes: string, name: string, mark?: string) => {
      if (escapes.length % 2 === 1) return whole.slice((escapes.length + 1) / 2);
      const value = env[name] ?? (mark === '?' ? '' : `\${${name}}`);
      return escapes.slice(escapes.length / 2) + value;
    },
  );
}
