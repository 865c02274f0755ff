/*
 * Looks for the guard of each manager: on the PATH, in variables and in files. A hit proves nothing. Only a trial proves that the guard
 * runs, and a trial runs the manager with code of the project.
 */
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { foldersAbove } from '@tarwarden/host/folders-above';
import { lookUpAll, readText, clientContext, yarnLayers } from '@tarwarden/settings';
import { isShim, programsOnPath } from '@tarwarden/guarded-run';
import type { Component } from '../component.ts';
import type { Tool } from './defence.ts';
import { sourceText } from './evaluate.ts';
import { installedTools } from './versions.ts';

/**
 * `found`: something names the guard, and it was not tried whether the manager loads it. `none`: nothing names it. The others are
 * results of a trial.
 */
export type GuardState = 'found' | 'none' | 'guarded' | 'unguarded' | 'unproven';

export interface GuardSetup {
  /** The name that people type. A trial also has `npx`. */
  readonly manager: string;
  readonly folder: string;
  readonly state: GuardState;
  /** Says where the guard was found, or the result of the trial. */
  readonly message: string;
  readonly remedy: string | undefined;
}

export interface GuardSearch {
  readonly components: readonly Component[];
  readonly folders: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

export function findGuards({ components, folders, env, platform }: GuardSearch): GuardSetup[] {
  const tools = installedTools(components).map(({ tool }) => tool);
  return folders.flatMap((folder) =>
    tools.map((manager): GuardSetup => {
      const [program] = programsOnPath(manager, env, platform);
      const isFirst = program !== undefined && isShim(program);
      const by = isFirst ? `the shim ${program}` : namedBy(manager, folder, { env, platform });
      return by === undefined
        ? { manager, folder, state: 'none', message: 'nothing names it', remedy: REMEDIES[manager] }
        : { manager, folder, state: 'found', message: by, remedy: undefined };
    }),
  );
}

const REMEDIES: Readonly<Record<Tool, string>> = {
  npm: 'tarwarden setup',
  pnpm: 'tarwarden init',
  yarn: 'tarwarden init',
};

function namedBy(
  manager: Tool,
  folder: string,
  { env, platform }: Pick<GuardSearch, 'env' | 'platform'>,
): string | undefined {
  if (manager === 'yarn') {
    const plugins = lookUpAll(yarnLayers(clientContext({ folder, env, platform })), 'plugins');
    const found = plugins.find(({ value }) => GUARDS.yarn.test(inspect(value)));
    return found && sourceText(found.origin);
  }
  const variable = Object.entries(env).find(
    ([name, value = '']) => VARIABLES[manager].test(name) && GUARDS[manager].test(value),
  );
  if (variable !== undefined) return sourceText({ kind: 'variable', name: variable[0] });
  return foldersAbove(resolve(folder))
    .flatMap((above) => FILES[manager].map((name) => join(above, name)))
    .find((file) => mentions(file, GUARDS[manager]));
}

const VARIABLES: Readonly<Record<Exclude<Tool, 'yarn'>, RegExp>> = {
  npm: /^NODE_OPTIONS$/i,
  pnpm: /^p?npm_config_(?:global_)?pnpmfile$/i,
};

/** The name of each guard's file, if the guard is set up as documented. */
const GUARDS: Readonly<Record<Tool, RegExp>> = {
  npm: /preload\.cjs/,
  pnpm: /tarwarden|pnpm-hook/,
  yarn: /plugin-tarwarden/,
};

const FILES: Readonly<Record<Exclude<Tool, 'yarn'>, readonly string[]>> = {
  npm: [],
  pnpm: ['.pnpmfile.mjs', '.pnpmfile.cjs', 'pnpm-workspace.yaml'],
};

function mentions(file: string, guard: RegExp): boolean {
  return guard.test(readText(file)?.text ?? '');
}
