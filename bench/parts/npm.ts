import { built } from '../built.ts';
import { guards, installs, type Manager } from '../installs/install.ts';
import { cold, warm } from '../installs/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

const CACHE = ['npm-cache'];
const LIMITS = { cold: 1.1, warm: 1.03 };
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund'];

/** `npm ci`, guarded by the environment variable that `tarwarden npm` sets. */
export function npm(context: Context): Promise<Row[]> {
  return installs(npmManager(context), context);
}

export function npmManager({ before }: Context): Manager {
  const preloads = guards(before, (checkout) => built('npm-wrapper/dist/preload.cjs', checkout));
  return {
    title: 'npm 12',
    name: 'npm-12',
    first: ['npm', 'install', ...QUIET],
    install: ['npm', 'ci', '--prefer-offline', ...QUIET],
    files: () => ({}),
    env: (guard) => {
      const preload = preloads[guard];
      return preload === undefined ? {} : { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` };
    },
    scenes: [cold(CACHE, LIMITS), warm(LIMITS)],
  };
}
