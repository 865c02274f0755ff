import { built } from '../built.ts';
import { guards, installs, type Entrant, type Guard, type Manager } from '../installs/install.ts';
import { cold, UNGUARDED, warm } from '../installs/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

const LIMITS = { cold: 1.1, warm: 1.03 };

/** The cost of the first guarded install on a machine: the archives are in the cache, and none was inspected. */
const firstTime: readonly Entrant[] = [
  { name: 'guarded, nothing inspected before', guard: 'guarded', forget: true, over: UNGUARDED },
  { name: 'strict, nothing inspected before', guard: 'strict', forget: true, over: UNGUARDED },
];

/** `yarn install` of a locked project with the plugin. */
export function yarn(context: Context): Promise<Row[]> {
  return installs(yarnManager(context), context);
}

export function yarnManager({ before }: Context): Manager {
  const own = guards(before, (checkout) =>
    JSON.stringify(built('yarn-plugin/dist/plugin-tarwarden.cjs', checkout)),
  );
  const plugins: typeof own = { ...own, ...(own.guarded && { strict: own.guarded }) };
  const settings = (guard: Guard): string =>
    [
      'enableScripts: false',
      ...(plugins[guard] === undefined ? [] : [`plugins: [${plugins[guard]}]`]),
      ...(guard === 'strict' ? ['tarwardenStrict: true'] : []),
    ].join('\n');
  const files = (guard: Guard, linker = 'pnp'): Record<string, string> => ({
    '.yarnrc.yml': `${settings(guard)}\nnodeLinker: ${linker}\n`,
  });
  const nodeModules = (guard: Guard): Record<string, string> => files(guard, 'node-modules');
  const all = warm(LIMITS);
  return {
    title: 'Yarn 4',
    name: 'yarn-4',
    first: ['yarn', 'install', '--no-immutable'],
    install: ['yarn', 'install', '--immutable'],
    files: (guard) => ({ 'yarn.lock': '', ...files(guard) }),
    scenes: [
      cold(['yarn-global'], LIMITS),
      { ...all, entrants: [...all.entrants, ...firstTime] },
      { ...all, name: 'warm, node-modules linker', files: nodeModules },
    ],
  };
}
