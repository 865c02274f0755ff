import { join } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { isMember, mayBeMember } from '@tarwarden/host/workspace-members';
import { asRecord, fileLayer, isFile, isFolder, readManifest, readWithMark } from '../files.ts';
import { authorsFor } from '../author.ts';
import {
  hiddenLayer,
  lookUp,
  variableLayer,
  type Author,
  type SettingsLayer,
  type Layers,
} from '../layer.ts';
import { pathOfSetting, type Variables, type ClientContext } from '../where.ts';
import { typed, typedNpmrc, type NpmOptions } from './npmrc.ts';
import { NPM_TYPES } from './types.ts';

interface NpmCommandLine {
  /** By the names of the settings; a switch is `true` or `false`. */
  readonly options: ReadonlyMap<string, string | boolean>;
  /** The command, and its arguments. */
  readonly rest: readonly string[];
}

const SHORT: Readonly<Record<string, string | undefined>> = {
  '-g': '--global',
  '-C': '--prefix',
  '-L': '--location',
  '-w': '--workspace',
  '-ws': '--workspaces',
};

/** Other options that are no switches. */
const WITH_VALUE: ReadonlySet<string> = new Set(['workspace', 'loglevel', 'omit', 'include']);

/** The options, as npm's nopt reads them. Their names have to be written in full. */
function npmOptions(args: readonly string[]): NpmCommandLine {
  const options = new Map<string, string | boolean>();
  const rest: string[] = [];
  const waiting = [...args];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    if (/^-{2,}$/.test(word)) return { options, rest: [...rest, ...waiting] };
    const [, no = '', name, value] =
      /^-+((?:no-)*)([^=]+)(?:=(.*))?$/is.exec(SHORT[word] ?? word) ?? [];
    if (name === undefined) {
      rest.push(word);
      continue;
    }
    if (value !== undefined) waiting.unshift(value);
    const [next] = waiting;
    if (no === '' && hasValue(name, value !== undefined)) {
      options.set(name, next === undefined ? true : waiting.shift()!);
      continue;
    }
    const isSaid = next === 'true' || next === 'false';
    const isNo = (no.length / 'no-'.length) % 2 === 1;
    options.set(name, (isSaid ? waiting.shift() === 'true' : true) !== isNo);
  }
  return { options, rest };
}

function hasValue(name: string, isEqual: boolean): boolean {
  const kinds = Object.hasOwn(NPM_TYPES, name) ? NPM_TYPES[name] : undefined;
  if (kinds === undefined) return isEqual || WITH_VALUE.has(name);
  return !kinds.includes('boolean');
}

export interface NpmRun extends ClientContext {
  /** The arguments that npm is called with. */
  readonly args?: readonly string[];
  /** npm's major version. The newest is meant if it is not known. */
  readonly major?: number | undefined;
}

/**
 * npm reads the .npmrc of the nearest package, or of the workspace around it. If it is not known whether a workspace contains the package,
 * there is a list of layers for each possibility.
 */
export function npmLayers(run: NpmRun): readonly Layers[] {
  const near = npmNearLayers(run);
  const authorOf = authorsFor(npmProject(run));
  const builtin =
    run.ownFolder === undefined
      ? []
      : npmFile(join(run.ownFolder, 'npmrc'), 'user', { ...run, isBuiltin: true });
  const isGlobal = isGlobalIn([...near, ...builtin]);
  return rootsOf(run, near, isGlobal).map((folder) => {
    const path = join(folder, '.npmrc');
    const isUsers = path === userFile(run, [...near, ...builtin]).path;
    const project = isGlobal === true || isUsers ? [] : npmFile(path, authorOf(path), run);
    const stronger = [...near, ...project];
    return [...stronger, ...userLayers(run, stronger, builtin)];
  });
}

/** The path of the user's own file, if no project says otherwise. */
export function npmUserConfig(run: NpmRun): string | undefined {
  return userFile(run, npmNearLayers(run)).path;
}

/** The folder of the project. Files that npm finds outside it may belong to another user. */
function npmProject(run: NpmRun): Pick<ClientContext, 'folder' | 'home'> {
  return { home: run.home, folder: namedRoot(run, npmNearLayers(run)) ?? run.folder };
}

/** The options of the command line, then the variables of the environment. */
export function npmNearLayers(run: NpmRun): SettingsLayer[] {
  const written = npmVariables(run.env);
  const variables = { ...written, ...typed(written.values, run) };
  const { options } = npmOptions(run.args ?? []);
  const line = typed(options, run);
  return [
    ...(options.size === 0 ? [] : [{ ...line, origin: optionOrigin }]),
    { ...variables, origin: (setting) => written.origin(setting) },
  ];
}

const optionOrigin = (name: string) => ({ kind: 'option', name: `--${name}` }) as const;

/** `true`: npm takes no file of a project. A `global` of another value keeps npm from looking for a workspace only. */
function isGlobalIn(layers: Layers): boolean | 'nearly' {
  const value = lookUp(layers, 'global')?.value;
  if (value === true || lookUp(layers, 'location')?.value === 'global') return true;
  return value ? 'nearly' : false;
}

/** The folders that may be npm's root: that of the package, and those of workspaces that may contain it. */
export function npmRoots(run: NpmRun): readonly string[] {
  const near = npmNearLayers(run);
  return rootsOf(run, near, isGlobalIn(near));
}

/** The folder that `--prefix` or `-C` names. */
function namedRoot({ args = [] }: NpmRun, near: Layers): string | undefined {
  const prefix = npmOptions(args).options.has('prefix') ? near[0]?.values.get('prefix') : undefined;
  return typeof prefix === 'string' ? prefix : undefined;
}

function rootsOf(run: NpmRun, near: Layers, isGlobal: unknown): readonly string[] {
  const named = namedRoot(run, near);
  if (named !== undefined) return [named];
  const { options } = npmOptions(run.args ?? []);
  const folders = foldersAbove(run.folder);
  const start = folders.find(
    (folder) => isFile(join(folder, 'package.json')) || isFolder(join(folder, 'node_modules')),
  );
  if (start === undefined) return [folders[0]!];
  const hasWorkspaces =
    options.get('workspaces') !== false &&
    isGlobal === false &&
    isFile(join(start, 'package.json'));
  if (!hasWorkspaces) return [start];
  const roots: string[] = [];
  for (const folder of folders.slice(folders.indexOf(start) + 1)) {
    const patterns = workspacesOf(folder);
    if (patterns === undefined) continue;
    if (isMember(folder, start, patterns)) return [...roots, folder];
    if (mayBeMember(folder, start, patterns)) roots.push(folder);
  }
  return [start, ...roots];
}

/** npm takes a list, and an object with a list in it. */
function workspacesOf(folder: string): readonly string[] | undefined {
  const { workspaces } = readManifest(folder);
  const list = Array.isArray(workspaces) ? workspaces : asRecord(workspaces)['packages'];
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : undefined;
}

/** `npm_config_ignore_scripts`, in any case. npm passes an empty one over. */
function npmVariables(env: Variables): SettingsLayer {
  return variableLayer(env, (variable, value) => {
    const name = value === '' ? undefined : /^npm_config_(.+)$/is.exec(variable)?.[1];
    if (name === undefined || name.startsWith('//')) return name;
    return name.replaceAll(/(?!^)_/g, '-').toLowerCase();
  });
}

/**
 * The user's file, that of all users, and the file of npm itself. A stronger file may say where these are. Its author then counts as
 * theirs.
 */
function userLayers(run: NpmRun, stronger: Layers, builtin: Layers): SettingsLayer[] {
  const readNamed = ({ path, author, unknown }: NamedFile): SettingsLayer[] => {
    if (unknown !== undefined) return [hiddenLayer(`it is not known what ${unknown} is`)];
    return path === undefined ? [] : npmFile(path, author, run);
  };
  const user = readNamed(userFile(run, [...stronger, ...builtin]));
  const all = [...stronger, ...user, ...builtin];
  // npm puts the first `globalconfig` that it reads in the place of its default, so that one is the weakest.
  const first = [...builtin, ...stronger, ...user].find(({ values }) => values.has('globalconfig'));
  const ordered = [
    ...all.filter((layer) => layer !== first),
    ...(first === undefined ? [] : [first]),
  ];
  const prefix = pathIn(run, all, 'prefix', { path: run.prefix, author: 'user' });
  const shared = pathIn(run, ordered, 'globalconfig', {
    ...prefix,
    path: prefix.path && join(prefix.path, 'etc', 'npmrc'),
  });
  return [...user, ...readNamed(shared), ...builtin];
}

/** The path of a settings file, and the author of the setting with this path. */
interface NamedFile {
  /** Undefined if the value is no path: then npm reads no file. */
  readonly path: string | undefined;
  readonly author: Author;
  /** The setting with the path, if its value is not known. */
  readonly unknown?: string;
}

function userFile(where: ClientContext, layers: Layers): NamedFile {
  return pathIn(where, layers, 'userconfig', { path: join(where.home, '.npmrc'), author: 'user' });
}

function pathIn(
  where: ClientContext,
  layers: Layers,
  setting: string,
  usual: NamedFile,
): NamedFile {
  const found = lookUp(layers, setting);
  if (found === undefined) return usual;
  const { value, origin, unknown } = found;
  if (unknown !== undefined) return { path: undefined, author: 'user', unknown: setting };
  return {
    path: typeof value === 'string' ? pathOfSetting(value, where) : undefined,
    author: origin.kind === 'file' ? origin.author : 'user',
  };
}

/** npm passes a folder in the place of a file over. */
function npmFile(path: string, author: Author, options: NpmOptions): SettingsLayer[] {
  if (isFolder(path)) return [];
  return fileLayer(path, author, (text) => typedNpmrc(text, options), readWithMark);
}
