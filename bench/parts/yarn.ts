import { built } from '../built.ts';
import { installs, type Entrant, type Guard } from '../installs/install.ts';
import { cold, UNGUARDED, warm } from '../installs/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

const WARM = 1.05;

/** The cost of the first guarded install on a machine: the archives are in the cache, and none was inspected. */
const firstTime: readonly Entrant[] = [
  { name: 'guarded, nothing inspected before', guard: 'guarded', forget: true, over: UNGUARDED },
  { name: 'strict, nothing inspected before', guard: 'strict', forget: true, over: UNGUARDED },
];

/** `yarn install` of a locked project with the plugin. */
export function yarn(context: Context): Promise<Row[]> {
  const plugin = JSON.stringify(built('yarn-plugin/dist/plugin-tarwarden.cjs'));
  const settings = (guard: Guard): string =>
    [
      'enableScripts: false',
      ...(guard === 'none' ? [] : [`plugins: [${plugin}]`]),
      ...(guard === 'strict' ? ['tarwardenStrict: true'] : []),
    ].join('\n');
  const files = (guard: Guard, linker = 'pnp'): Record<string, string> => ({
    '.yarnrc.yml': `${settings(guard)}\nnodeLinker: ${linker}\n`,
  });
  const nodeModules = (guard: Guard): Record<string, string> => files(guard, 'node-modules');
  const all = warm(WARM, false);
  return installs(
    {
      title: 'Yarn 4',
      name: 'yarn-4',
      first: ['yarn', 'install', '--no-immutable'],
      install: ['yarn', 'install', '--immutable'],
      archives: 'yarn-global/cache',
      files: (guard) => ({ 'yarn.lock': '', ...files(guard) }),
      scenes: [
        cold(['yarn-global'], false),
        { ...all, entrants: [...all.entrants, ...firstTime] },
        { ...all, name: 'warm, node-modules linker', files: nodeModules },
      ],
    },
    context,
  );
}
