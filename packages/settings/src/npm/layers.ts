import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { isMember, isUnderstood } from '@tarwarden/host/workspace-members';
import { fileLayer, readText } from '../files.ts';
import { lookUp, variableLayer, type Author, type Layer, type Setting } from '../layer.ts';
import { pathFrom, type Variables, type Where } from '../where.ts';
import { npmrcValues } from './npmrc.ts';

/** npm reads the .npmrc of the nearest package, or of the workspace that this belongs to. */
export function npmLayers(where: Where): readonly (readonly Layer[])[] {
  const folders = foldersAbove(where.folder);
  const nearest = folders.find((one) =>
    ['package.json', 'node_modules'].some((name) => existsSync(join(one, name))),
  );
  const start = nearest ?? folders[0]!;
  const variables = npmVariables(where.env);
  return rootsOf(start, folders.slice(folders.indexOf(start) + 1)).map((folder) => {
    const project = isGlobal(variables) ? [] : file(join(folder, '.npmrc'), 'project', where.env);
    const stronger = [variables, ...project];
    return [...stronger, ...npmUserLayers(where, stronger)];
  });
}

/** Then npm takes no file of a project. */
function isGlobal({ values }: Layer): boolean {
  return values.get('location') === 'global' || values.get('global') === 'true';
}

/** Folders of which one is npm's: that of the package, and of workspaces that may hold it. */
function rootsOf(start: string, above: readonly string[]): string[] {
  const roots: string[] = [];
  for (const folder of above) {
    const patterns = workspacesOf(folder);
    if (patterns === undefined) continue;
    if (isMember(folder, start, patterns)) return [...roots, folder];
    if (!patterns.every(isUnderstood)) roots.push(folder);
  }
  return [start, ...roots];
}

/** npm takes a list, and an object with a list in it. */
function workspacesOf(folder: string): readonly unknown[] | undefined {
  const read = readText(join(folder, 'package.json'));
  if (read === undefined || 'unreadable' in read) return undefined;
  try {
    const { workspaces } = JSON.parse(read.text) as { workspaces?: { packages?: unknown } };
    const list = Array.isArray(workspaces) ? workspaces : workspaces?.packages;
    return Array.isArray(list) ? (list as readonly unknown[]) : undefined;
  } catch {
    return undefined;
  }
}

/** `npm_config_ignore_scripts`, in any case. An empty one is not set. */
export function npmVariables(env: Variables): Layer {
  return variableLayer(env, (name, value) =>
    value === ''
      ? undefined
      : /^npm_config_(.+)$/i.exec(name)?.[1]?.toLowerCase().replaceAll('_', '-'),
  );
}

/** The user's file, that of all users, and what came with the manager. What is stronger may say where these are. */
export function npmUserLayers(where: Where, stronger: readonly Layer[]): Layer[] {
  const { env, home, ownFolder } = where;
  const builtin = ownFolder === undefined ? [] : file(join(ownFolder, 'npmrc'), 'machine', env);
  const user =
    named(where, stronger, 'userconfig', 'user') ?? file(join(home, '.npmrc'), 'user', env);
  const all = [...stronger, ...user, ...builtin];
  const prefix = lookUp(all, 'prefix');
  const folder = prefix === undefined ? where.prefix : pathOf(where, prefix);
  const shared =
    named(where, all, 'globalconfig', 'machine') ??
    (folder === undefined
      ? [hidden('prefix')]
      : file(join(folder, 'etc', 'npmrc'), 'machine', env));
  return [...user, ...shared, ...builtin];
}

function file(path: string, author: Author, env: Variables): Layer[] {
  return fileLayer(path, author, (text) => npmrcValues(text, env));
}

function named(
  where: Where,
  layers: readonly Layer[],
  setting: string,
  author: Author,
): Layer[] | undefined {
  const found = lookUp(layers, setting);
  if (found === undefined) return undefined;
  const path = pathOf(where, found);
  return path === undefined ? [hidden(setting)] : file(path, author, where.env);
}

function pathOf(where: Where, found: Setting): string | undefined {
  if ('unknown' in found || typeof found.value !== 'string') return undefined;
  return pathFrom(found.value, where);
}

/** A file of which it is not known where it is. */
function hidden(setting: string): Layer {
  return {
    values: new Map(),
    origin: () => ({ kind: 'default' }),
    unreadable: `it is not known what ${setting} is`,
  };
}
