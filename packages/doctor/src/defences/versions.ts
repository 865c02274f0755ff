/*
 * Which version of a manager runs in a folder. A project chooses: corepack, pnpm and Yarn start another one than lies on the PATH.
 * None of them is run to see it, since what would answer may be code of the project.
 */
import { join, sep } from 'node:path';
import { valid } from 'semver';
import type { Component, ProgramOrigin } from '../component.ts';
import type { Tool } from './defence.ts';
import { readText } from './files.ts';
import { lookUp } from './layer.ts';
import { foldersFrom, type Where } from './where.ts';
import { yarnClassicLayers, yarnLayers } from './yarn-layers.ts';

const TOOLS: readonly Tool[] = ['npm', 'pnpm', 'yarn'];

/** A manager on the PATH: the first of its name, which is the one that is run. */
export interface Installed {
  readonly tool: Tool;
  readonly version: string;
  readonly origin: ProgramOrigin;
}

export function installedTools(components: readonly Component[]): Installed[] {
  return TOOLS.flatMap((tool) => {
    for (const { version, origin } of components)
      if (origin.kind === 'program' && origin.itself && origin.program === tool)
        return [{ tool, version, origin }];
    return [];
  });
}

/** Versions that may run in a folder; undefined stands for one that is not known, with the reason. */
export type Running = { readonly version: string } | { readonly unknown: string };

export function runningIn({ tool, version, origin }: Installed, where: Where): Running[] {
  const named = namedVersion(where.folder, tool);
  const wanted = named === undefined ? [] : [{ version: named }];
  if (tool === 'yarn') {
    const path = yarnPath(where);
    if (path !== undefined) {
      const inName = valid(/yarn-(\d[\w.+-]*)\.c?js$/.exec(path)?.[1]);
      if (inName !== null) return [{ version: inName }];
      return wanted.length > 0 ? wanted : [{ unknown: `yarnPath names ${path}` }];
    }
  }
  const isCorepack = origin.path.split(sep).includes('corepack');
  if (isCorepack && named !== undefined) return wanted;
  // Whether pnpm starts the one that a project names is a setting of its own.
  if (tool === 'pnpm' && named !== undefined && named !== version) return [...wanted, { version }];
  return [{ version }];
}

const NAMED = /^(npm|pnpm|yarn)@(\d[^+]*)/;

/** By the nearest package.json that names a manager. */
function namedVersion(folder: string, tool: Tool): string | undefined {
  for (const one of foldersFrom(folder)) {
    const name = packageManagerOf(join(one, 'package.json'));
    if (name === undefined) continue;
    const [, named, version] = NAMED.exec(name) ?? [];
    return named === tool ? (valid(version) ?? undefined) : undefined;
  }
  return undefined;
}

function packageManagerOf(file: string): string | undefined {
  const read = readText(file);
  if (read === undefined || 'unreadable' in read) return undefined;
  try {
    const { packageManager } = JSON.parse(read.text) as { packageManager?: unknown };
    return typeof packageManager === 'string' && packageManager !== '' ? packageManager : undefined;
  } catch {
    return undefined;
  }
}

/** The Yarn of the project itself, which any other hands over to. */
function yarnPath(where: Where): string | undefined {
  const ignored = where.env['YARN_IGNORE_PATH'];
  if (ignored !== undefined && !/^(?:|0|false)$/.test(ignored)) return undefined;
  const found =
    lookUp(yarnLayers(where), 'yarnPath') ?? lookUp(yarnClassicLayers(where), 'yarn-path');
  if (found === undefined) return undefined;
  if ('unknown' in found) return found.unknown;
  return typeof found.value === 'string' ? found.value : 'something else than a file';
}
