import { join } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { isMember, mayBeMember } from '@tarwarden/host/workspace-members';
import { asRecord, fileLayer, isFile, isFolder, readManifest, readWithMark } from '../files.ts';
import { authorsFor } from '../found-files.ts';
import { hiddenLayer, lookUp, variableLayer, type Author, type SettingsLayer } from '../layer.ts';
import { pathOfSetting, type Variables, type ClientContext } from '../where.ts';
import { typed, typedNpmrc, type NpmOptions } from './npmrc.ts';
import { npmOptions } from './options.ts';

export interface NpmRun extends ClientContext {
  /** The arguments that npm is called with. */
  readonly args?: readonly string[];
  /** npm's major version. The newest is meant if it is not known. */
  readonly major?: number | undefined;
}

/**
 * npm reads the .npmrc of the nearest package, or of the workspace that this belongs to. Where it is not known whether it belongs to
 * one, there is a list of layers for each possibility.
 */
export function npmLayers(run: NpmRun): readonly (readonly SettingsLayer[])[] {
  const near = npmNearLayers(run);
  const authorOf = authorsFor(npmProject(run));
  const builtin =
    run.ownFolder === undefined
      ? []
      : npmFile(join(run.ownFolder, 'npmrc'), 'machine', { ...run, isBuiltin: true });
  const isGlobal = isGlobalIn([...near, ...builtin]);
  const read: ReadNpmrc = (path, author) => npmFile(path, author, run);
  return rootsOf(run, near, isGlobal).map((folder) => {
    const path = join(folder, '.npmrc');
    const isUsers = path === userFile(run, [...near, ...builtin]).path;
    const project = isGlobal === true || isUsers ? [] : read(path, authorOf(path));
    const stronger = [...near, ...project];
    return [...stronger, ...userLayers(run, { stronger, builtin, read })];
  });
}

/** The path of the user's own file, if no project says otherwise. */
export function npmUserConfig(run: NpmRun): string | undefined {
  return userFile(run, npmNearLayers(run)).path;
}

/** The folder by which it is known whether a file that npm finds is another user's. */
export function npmProject(run: NpmRun): Pick<ClientContext, 'folder' | 'home'> {
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
function isGlobalIn(layers: readonly SettingsLayer[]): boolean | 'nearly' {
  const value = lookUp(layers, 'global')?.value;
  if (value === true || lookUp(layers, 'location')?.value === 'global') return true;
  return value ? 'nearly' : false;
}

/** Whether the options and variables keep npm from taking anything of a project. */
export function isGlobalNpm(run: NpmRun): boolean {
  return isGlobalIn(npmNearLayers(run)) === true;
}

/** Folders of which one is npm's root: that of the package, and of workspaces that may hold it. */
export function npmRoots(run: NpmRun): readonly string[] {
  const near = npmNearLayers(run);
  return rootsOf(run, near, isGlobalIn(near));
}

/** The folder that `--prefix` or `-C` names. */
function namedRoot({ args = [] }: NpmRun, near: readonly SettingsLayer[]): string | undefined {
  const prefix = npmOptions(args).options.has('prefix') ? near[0]?.values.get('prefix') : undefined;
  return typeof prefix === 'string' ? prefix : undefined;
}

function rootsOf(
  run: NpmRun,
  near: readonly SettingsLayer[],
  isGlobal: unknown,
): readonly string[] {
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

type ReadNpmrc = (path: string, author: Author) => SettingsLayer[];

interface OtherLayers {
  readonly stronger: readonly SettingsLayer[];
  /** The file that came with the manager. */
  readonly builtin: readonly SettingsLayer[];
  readonly read: ReadNpmrc;
}

/**
 * The user's file, that of all users, and what came with the manager. A stronger file may say where these are, and they are its
 * author's then.
 */
function userLayers(
  where: ClientContext,
  { stronger, builtin, read }: OtherLayers,
): SettingsLayer[] {
  const readNamed = (named: NamedFile): SettingsLayer[] => {
    if (named.unknown !== undefined)
      return [hiddenLayer(`it is not known what ${named.unknown} is`)];
    return named.path === undefined ? [] : read(named.path, named.author);
  };
  const user = readNamed(userFile(where, [...stronger, ...builtin]));
  const all = [...stronger, ...user, ...builtin];
  const inOrder = [...builtin, ...stronger, ...user];
  const prefix = pathIn(where, all, 'prefix', { path: where.prefix, author: 'machine' });
  const shared = pathIn(where, weakenFirst(all, inOrder), 'globalconfig', {
    ...prefix,
    path: prefix.path && join(prefix.path, 'etc', 'npmrc'),
  });
  return [...user, ...readNamed(shared), ...builtin];
}

/** The first `globalconfig` that npm reads is the weakest: npm puts it in the place of its default. */
function weakenFirst(
  layers: readonly SettingsLayer[],
  inOrder: readonly SettingsLayer[],
): readonly SettingsLayer[] {
  const first = inOrder.find(({ values }) => values.has('globalconfig'));
  return first === undefined ? layers : [...layers.filter((layer) => layer !== first), first];
}

/** A file, and who says that it is this one. */
interface NamedFile {
  /** Undefined if the value is no path: then npm reads no file. */
  readonly path: string | undefined;
  readonly author: Author;
  /** The setting that would say where the file is, if it is not known what it is. */
  readonly unknown?: string;
}

function userFile(where: ClientContext, layers: readonly SettingsLayer[]): NamedFile {
  return pathIn(where, layers, 'userconfig', { path: join(where.home, '.npmrc'), author: 'user' });
}

function pathIn(
  where: ClientContext,
  layers: readonly SettingsLayer[],
  setting: string,
  usual: NamedFile,
): NamedFile {
  const found = lookUp(layers, setting);
  if (found === undefined) return usual;
  const { value, origin, unknown } = found;
  if (unknown !== undefined) return { path: undefined, author: 'user', unknown: setting };
  const isProjects =
    origin.kind === 'file' && (origin.author === 'project' || origin.author === 'other-user');
  return {
    path: typeof value === 'string' ? pathOfSetting(value, where) : undefined,
    author: isProjects ? origin.author : usual.author,
  };
}

/** npm passes a folder in the place of a file over. */
function npmFile(path: string, author: Author, options: NpmOptions): SettingsLayer[] {
  if (isFolder(path)) return [];
  return fileLayer(path, author, (text) => typedNpmrc(text, options), readWithMark);
}
