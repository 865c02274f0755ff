/* Finds the settings by which the managers here keep hostile packages out. It runs no program. */
import {
  clientContext,
  npmLayers,
  pnpmLayers,
  yarnClassicLayers,
  yarnLayers,
  type ClientContext,
  type SettingsLayer,
} from '@tarwarden/settings';
import { lt, major } from 'semver';
import type { Component } from '../component.ts';
import type { Defence, Tool } from './defence.ts';
import { evaluate, type DefenceFinding } from './evaluate.ts';
import { ROWS, type DefenceRow } from './table.ts';
import { installedTools, runningIn, type InstalledTool } from './versions.ts';

export interface DefenceSearch {
  readonly components: readonly Component[];
  /** As the user named them. */
  readonly folders: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** The path of Node, by which npm finds its prefix. */
  readonly node: string;
}

export function findDefences(search: DefenceSearch): Defence[] {
  const tools = installedTools(search.components);
  return search.folders.flatMap((folder) =>
    tools.flatMap((tool) => {
      const { env, platform, node } = search;
      return ofTool(
        tool,
        folder,
        clientContext({ folder, env, platform, node, ownFolder: tool.origin.path }),
      );
    }),
  );
}

function ofTool(installed: InstalledTool, folder: string, where: ClientContext): Defence[] {
  const { tool } = installed;
  return runningIn(installed, where).flatMap((running) => {
    const found =
      'unknown' in running
        ? notKnown(tool, running.unknown)
        : weighAll(tool, running.version, where);
    const version = 'version' in running ? running.version : undefined;
    return found.map(({ row: { setting, purpose }, finding }) => ({
      manager: tool,
      version,
      folder,
      setting,
      purpose,
      ...finding,
    }));
  });
}

interface RowFinding {
  readonly row: DefenceRow;
  readonly finding: DefenceFinding;
}

const rowsOf = (tool: Tool): readonly DefenceRow[] =>
  ROWS.filter(({ manager }) => manager === tool);

/** A project may contain its own Yarn, and the version may be unknown. Then all its settings are unknown. */
function notKnown(tool: Tool, reason: string): RowFinding[] {
  const finding: DefenceFinding = {
    state: 'unknown',
    value: undefined,
    source: undefined,
    reason: `it is not known which version runs here: ${reason}`,
    switchOn: undefined,
  };
  return rowsOf(tool)
    .filter(({ until }) => until === undefined)
    .map((row) => ({ row, finding }));
}

function weighAll(tool: Tool, version: string, where: ClientContext): RowFinding[] {
  const possibilities = layersOf(tool, version, where);
  const weighed = rowsOf(tool).flatMap((row): RowFinding[] => {
    const all = possibilities.flatMap((layers) => evaluate(row, version, layers) ?? []);
    const [first] = all;
    if (first === undefined) return [];
    const other = all.find(({ state }) => state !== first.state);
    if (other === undefined) return [{ row, finding: first }];
    return [{ row, finding: disagreeing(all) }];
  });
  const on = new Set(
    weighed.filter(({ finding }) => finding.state === 'on').map(({ row }) => row.setting),
  );
  return weighed.map((rowAndFinding) => withoutNeed(rowAndFinding, on));
}

/** A setting on which the possibilities disagree is unknown. */
function disagreeing(all: readonly DefenceFinding[]): DefenceFinding {
  const worst = all.find(({ state }) => state === 'off') ?? all.find(({ state }) => state !== 'on');
  return {
    ...worst!,
    state: 'unknown',
    reason: 'it is not certain whether this folder belongs to the workspace above it',
  };
}

function withoutNeed({ row, finding }: RowFinding, on: ReadonlySet<string>): RowFinding {
  const by = row.coveredBy?.find((setting) => on.has(setting));
  if (by === undefined || finding.state !== 'off') return { row, finding };
  return { row, finding: { ...finding, state: 'covered', reason: by, switchOn: undefined } };
}

/** If it is not certain which files a manager reads, each possibility is evaluated, and all have to agree. */
type Possibilities = readonly (readonly SettingsLayer[])[];

function layersOf(manager: Tool, version: string, where: ClientContext): Possibilities {
  if (manager === 'npm') return npmLayers({ ...where, major: major(version) });
  if (manager === 'yarn')
    return [
      lt(version, '2.0.0')
        ? yarnClassicLayers(where)
        : yarnLayers(where, lt(version, '4.0.0') ? 3 : 4),
    ];
  return pnpmLayers(version, where);
}
