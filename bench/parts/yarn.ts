import { built } from '../built.ts';
import { installs, type Guard, type Scene } from '../installs/install.ts';
import { cold, UNGUARDED, warm } from '../installs/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

const WARM = 1.05;

/** Archives are there and nothing was judged: what the first guarded install of a machine pays. */
const firstTime: Scene = {
  name: 'warm, nothing judged before',
  without: [],
  entrants: [
    { name: UNGUARDED, guard: 'none' },
    { name: 'guarded', guard: 'guarded', forget: true, over: UNGUARDED },
    { name: 'guarded, strict', guard: 'strict', forget: true, over: UNGUARDED },
  ],
};

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
  return installs(
    {
      title: 'Yarn 4',
      name: 'yarn-4',
      first: ['yarn', 'install', '--no-immutable'],
      install: ['yarn', 'install', '--immutable'],
      files: (guard) => ({ 'yarn.lock': '', ...files(guard) }),
      scenes: [
        cold(['yarn-global'], false),
        warm(WARM, false),
        { ...warm(WARM, false), name: 'warm, node-modules linker', files: nodeModules },
        firstTime,
      ],
    },
    context,
  );
}
