/*
 * Finds the version of a manager that runs in a folder. The project may choose it: corepack, pnpm and Yarn start another version than
 * the one on the PATH. No manager is run for this, because that could run code of the project.
 */
import { join, sep } from 'node:path';
import { foldersAbove } from '@tarwarden/host/folders-above';
import {
  lookUp,
  readText,
  type Setting,
  type ClientContext,
  yamlValues,
  yarnClassicOptions,
  yarnLayers,
} from '@tarwarden/settings';
import { printable } from '@tarwarden/core/text';
import { lt, satisfies, valid } from 'semver';
import * as v from 'valibot';
import type { Component, ProgramOrigin } from '../component.ts';
import type { Tool } from './defence.ts';

const TOOLS: readonly Tool[] = ['npm', 'pnpm', 'yarn'];

/** The first manager of its name on the PATH. */
export interface InstalledTool {
  readonly tool: Tool;
  readonly version: string;
  readonly origin: ProgramOrigin;
}

export function installedTools(components: readonly Component[]): InstalledTool[] {
  return TOOLS.flatMap((tool) => {
    for (const { version, origin } of components)
      if (origin.kind === 'program' && origin.itself && origin.program === tool)
        return [{ tool, version, origin }];
    return [];
  });
}

/** A version that may run in a folder, or the reason why it is not known. */
export type RunningVersion = { readonly version: string } | { readonly unknown: string };

export function runningIn(
  { tool, version, origin }: InstalledTool,
  where: ClientContext,
): RunningVersion[] {
  const manifest = tool === 'pnpm' ? pnpmManifestOf : manifestOf;
  const named = namedVersion(where.folder, tool, manifest);
  const wanted = named === undefined ? [] : [{ version: named }];
  const isCorepack = origin.path.split(sep).includes('corepack');
  if (tool === 'yarn') {
    const path = yarnPath(where, isCorepack && named !== undefined ? named : version);
    if (path !== undefined) {
      const inName = valid(/yarn-(\d[\w.+-]*)\.c?js$/.exec(path)?.[1]);
      if (inName !== null) return [{ version: inName }];
      return wanted.length > 0 ? wanted : [{ unknown: `yarnPath names ${path}` }];
    }
  }
  if (isCorepack && named !== undefined) return wanted;
  // A setting decides whether pnpm starts the version that the project names, so both may run.
  if (tool === 'pnpm') return [...others(version, named, where.folder), { version }];
  return [{ version }];
}

/** The pnpm that a project names, if it is another version. */
function others(version: string, named: string | undefined, folder: string): RunningVersion[] {
  if (named !== undefined) return named === version ? [] : [{ version: named }];
  for (const above of foldersAbove(folder)) {
    const manifest = pnpmManifestOf(above);
    if (manifest === 'unreadable') return [{ unknown: `a manifest in ${above} cannot be read` }];
    const wanted = engineOf(manifest?.devEngines);
    if (wanted === undefined) continue;
    if (satisfies(version, wanted)) return [];
    const exact = valid(wanted);
    if (exact !== null) return [{ version: exact }];
    return [{ unknown: `devEngines names ${printable(wanted, 100)}` }];
  }
  return [];
}

/** The pnpm of `devEngines`. pnpm 11 and newer download it by default. */
function engineOf(devEngines: unknown): string | undefined {
  const read = v.safeParse(engines, devEngines);
  if (!read.success) return undefined;
  const { name, version, onFail = 'download' } = read.output.packageManager;
  return name === 'pnpm' && onFail === 'download' ? version : undefined;
}

const engines = v.object({
  packageManager: v.object({
    name: v.string(),
    version: v.string(),
    onFail: v.optional(v.string()),
  }),
});

const NAMED = /^(npm|pnpm|yarn)@(\d[^+]*)/;

/** The version in the nearest package.json that names a manager. */
function namedVersion(
  folder: string,
  tool: Tool,
  manifestIn: (folder: string) => ReadManifest,
): string | undefined {
  for (const above of foldersAbove(folder)) {
    const manifest = manifestIn(above);
    const name = manifest === 'unreadable' ? undefined : manifest?.packageManager;
    if (typeof name !== 'string' || name === '') continue;
    const [, named, version] = NAMED.exec(name) ?? [];
    return named === tool ? (valid(version) ?? undefined) : undefined;
  }
  return undefined;
}

interface Manifest {
  readonly packageManager?: unknown;
  readonly devEngines?: unknown;
}

type ReadManifest = Manifest | 'unreadable' | undefined;

function manifestOf(folder: string, name = 'package.json'): ReadManifest {
  const read = readText(join(folder, name));
  if (read === undefined) return undefined;
  if (read.unreadable !== undefined) return 'unreadable';
  try {
    const text = read.text;
    return name.endsWith('.yaml') ? Object.fromEntries(yamlValues(text)) : JSON.parse(text);
  } catch {
    return 'unreadable';
  }
}

/** pnpm reads the first of these files. JSON5 is read here only if it is also JSON. */
function pnpmManifestOf(folder: string): ReadManifest {
  for (const name of ['package.json', 'package.json5', 'package.yaml']) {
    const found = manifestOf(folder, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The project's own Yarn, which the started Yarn runs in its place. */
function yarnPath(where: ClientContext, version: string): string | undefined {
  if (lt(version, '2.0.0')) {
    const ignored = where.env['YARN_IGNORE_PATH'] ?? '';
    const options = yarnClassicOptions(where);
    return /^(?:|0|false)$/i.test(ignored)
      ? pathOf(lookUp(options, 'yarn-path') ?? lookUp(options, 'yarnPath'))
      : undefined;
  }
  const layers = yarnLayers(where, lt(version, '4.0.0') ? 3 : 4);
  return isTrue(lookUp(layers, 'ignorePath')?.value)
    ? undefined
    : pathOf(lookUp(layers, 'yarnPath'));
}

function isTrue(value: unknown): boolean {
  return value === 'true' || value === '1';
}

function pathOf(found: Setting | undefined): string | undefined {
  if (found === undefined) return undefined;
  if (found.unknown !== undefined) return found.unknown;
  return typeof found.value === 'string' ? found.value : 'something else than a file';
}
