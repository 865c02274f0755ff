import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { isMember } from '@tarwarden/host/workspace-members';
import { lt } from 'semver';
import { fileLayer } from '../files.ts';
import { camel, kebab, variableLayer, type Layer, type Values } from '../layer.ts';
import { npmUserLayers, npmVariables } from '../npm/layers.ts';
import { npmrcValues } from '../npm/npmrc.ts';
import type { Variables, Where } from '../where.ts';
import { yamlValues } from '../yaml.ts';

/** The first version that takes any setting from pnpm-workspace.yaml. */
export const PNPM_WITH_YAML = '10.6.0';
/** The first that takes none from .npmrc, but of registries. */
export const PNPM_WITHOUT_NPMRC = '11.0.0';

/** The YAML of the project, its package.json, what npm would take, and a file of its own. */
export function pnpmLayersTo10(version: string, where: Where): Layer[] {
  const { root, own } = rootOf(where, /^npm_config_workspace_dir$/i);
  const yaml = lt(version, PNPM_WITH_YAML)
    ? []
    : fileLayer(join(root, WORKSPACE), 'project', yamlValues);
  const npmrcs = [...new Set([own, root])].flatMap((folder) =>
    fileLayer(join(folder, '.npmrc'), 'project', (text) => npmrcValues(text, where.env)),
  );
  const stronger = [npmVariables(where.env), ...npmrcs];
  const likeNpm = [
    ...stronger,
    ...npmUserLayers(where, stronger),
    ...fileLayer(join(configFolder(where), 'rc'), 'user', (text) => npmrcValues(text, where.env)),
  ];
  return [...yaml, ...manifestLayer(root), ...likeNpm.map(fromKebab)];
}

/** From 11 on. A package that the workspace above it does not name has no settings of it. */
export function pnpmLayers(where: Where): readonly (readonly Layer[])[] {
  const { root, own } = rootOf(where, /^p?npm_config_workspace_dir$/i);
  const roots = isMember(root, own, packagesOf(root)) ? [root] : [root, own];
  return roots.map((folder) => [
    pnpmVariables(where.env),
    ...fileLayer(join(folder, WORKSPACE), 'project', yamlValues),
    ...fileLayer(join(configFolder(where), 'config.yaml'), 'user', yamlValues),
  ]);
}

const WORKSPACE = 'pnpm-workspace.yaml';
const MANIFESTS = ['package.json', 'package.json5', 'package.yaml'] as const;

function packagesOf(root: string): unknown {
  const [layer] = fileLayer(join(root, WORKSPACE), 'project', yamlValues);
  return layer?.values.get('packages');
}

/** The folder of the nearest pnpm-workspace.yaml, else of the package; unless a variable names it. */
function rootOf({ folder, env }: Where, variable: RegExp): { root: string; own: string } {
  const folders = foldersAbove(folder);
  const nearest = (name: string): string | undefined =>
    folders.find((one) => existsSync(join(one, name)));
  const own =
    folders.find((one) => MANIFESTS.some((name) => existsSync(join(one, name)))) ?? folders[0]!;
  const named = Object.entries(env).find(([name]) => variable.test(name));
  if (named?.[1] !== undefined && named[1] !== '') return { root: resolve(own, named[1]), own };
  return { root: nearest(WORKSPACE) ?? own, own };
}

/** Of what is looked at here, pnpm 10 takes these from a package.json. */
const IN_MANIFEST: ReadonlySet<string> = new Set([
  'dangerouslyAllowAllBuilds',
  'neverBuiltDependencies',
]);

/** The first of those that pnpm takes. */
function manifestLayer(root: string): Layer[] {
  const json = MANIFESTS.slice(0, 2).flatMap((name) =>
    fileLayer(join(root, name), 'project', (text) => ofPnpm(JSON.parse(text))),
  );
  const yaml = fileLayer(join(root, 'package.yaml'), 'project', (text) =>
    ofPnpm(Object.fromEntries(yamlValues(text))),
  );
  return [...json, ...yaml].slice(0, 1);
}

function ofPnpm(manifest: unknown): Values {
  const { pnpm } = manifest as { pnpm?: unknown };
  if (typeof pnpm !== 'object' || pnpm === null) return new Map();
  return new Map(Object.entries(pnpm).filter(([name]) => IN_MANIFEST.has(name)));
}

/** A layer in the words of .npmrc, in those of YAML. Another spelling stays one. */
function fromKebab(layer: Layer): Layer {
  const values = [...layer.values].map(([name, value]): [string, unknown] => [
    /^[a-z-]+$/.test(name) ? camel(name) : `_${name}`,
    value,
  ]);
  return { ...layer, values: new Map(values), origin: (setting) => layer.origin(kebab(setting)) };
}

/** `pnpm_config_minimum_release_age`, or all of it in capitals. */
function pnpmVariables(env: Variables): Layer {
  return variableLayer(env, (name) => {
    const key = /^pnpm_config_(.+)$/i.exec(name)?.[1];
    if (key === undefined) return undefined;
    const isExact = name === name.toLowerCase() || name === name.toUpperCase();
    return isExact ? camel(key) : `_${key}`;
  });
}

function configFolder({ env, home, platform }: Where): string {
  const xdg = env['XDG_CONFIG_HOME'];
  if (xdg !== undefined && isAbsolute(xdg)) return join(xdg, 'pnpm');
  if (platform === 'darwin') return join(home, 'Library/Preferences/pnpm');
  const local = env['LOCALAPPDATA'];
  if (platform === 'win32' && local !== undefined) return join(local, 'pnpm/config');
  return join(home, '.config/pnpm');
}
