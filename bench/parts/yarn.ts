import { built } from '../built.ts';
import {
  installs,
  type Entrant,
  type Guard,
  type Manager,
  type Scene,
} from '../installs/install.ts';
import { cold, UNGUARDED, warm } from '../installs/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

const WARM = 1.05;

export const YARN_CACHE = ['yarn-global'];

/** The cost of the first guarded install on a machine: the archives are in the cache, and none was inspected. */
const firstTime: readonly Entrant[] = [
  { name: 'guarded, nothing inspected before', guard: 'guarded', forget: true, over: UNGUARDED },
  { name: 'strict, nothing inspected before', guard: 'strict', forget: true, over: UNGUARDED },
];

/** `yarn install` of a locked project with the plugin. */
export function yarn(context: Context): Promise<Row[]> {
  const all = warm(WARM, false);
  return installs(
    yarnManager([
      cold(YARN_CACHE, false),
      { ...all, entrants: [...all.entrants, ...firstTime] },
      {
        ...all,
        name: 'warm, node-modules linker',
        files: (guard) => settings(guard, 'node-modules'),
      },
    ]),
    context,
  );
}

export function yarnManager(scenes: readonly Scene[]): Manager {
  return {
    title: 'Yarn 4',
    name: 'yarn-4',
    first: ['yarn', 'install', '--no-immutable'],
    install: ['yarn', 'install', '--immutable'],
    archives: 'yarn-global/cache',
    files: (guard) => ({ 'yarn.lock': '', ...settings(guard, 'pnp') }),
    scenes,
  };
}

function settings(guard: Guard, linker: string): Record<string, string> {
  const plugin = JSON.stringify(built('yarn-plugin/dist/plugin-tarwarden.cjs'));
  const lines = [
    'enableScripts: false',
    ...(guard === 'none' ? [] : [`plugins: [${plugin}]`]),
    ...(guard === 'strict' ? ['tarwardenStrict: true'] : []),
    `nodeLinker: ${linker}`,
  ];
  return { '.yarnrc.yml': `${lines.join('\n')}\n` };
}
