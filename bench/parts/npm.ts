import { built } from '../built.ts';
import { installs, type Manager, type Scene } from '../installs/install.ts';
import { cold, warm, WITH_STORES } from '../installs/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

export const NPM_CACHE = ['npm-cache'];
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund'];

/** `npm ci`, guarded by the environment variable that `tarwarden npm` sets. */
export function npm(context: Context): Promise<Row[]> {
  return installs(npmManager([cold(NPM_CACHE, false), warm(1.03, false)]), context);
}

/** The time that stores of verdicts save, or cost if they have no verdict. */
export function verdicts(context: Context): Promise<Row[]> {
  return installs(npmManager([{ ...WITH_STORES, without: NPM_CACHE }]), context);
}

export function npmManager(scenes: readonly Scene[]): Manager {
  const preload = built('npm-wrapper/dist/preload.cjs');
  return {
    title: 'npm 12',
    name: 'npm-12',
    first: ['npm', 'install', ...QUIET],
    install: ['npm', 'ci', '--prefer-offline', ...QUIET],
    files: () => ({}),
    env: (guard) =>
      guard === 'guarded' ? { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` } : {},
    scenes,
  };
}
