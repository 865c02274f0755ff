import { built } from '../built.ts';
import { installs } from '../installs/install.ts';
import { cold, warm } from '../installs/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund'];

/** `npm ci`, guarded by the environment variable that `tarwarden npm` sets. */
export function npm(context: Context): Promise<Row[]> {
  const preload = built('npm-wrapper/dist/preload.cjs');
  return installs(
    {
      title: 'npm 12',
      name: 'npm-12',
      first: ['npm', 'install', ...QUIET],
      install: ['npm', 'ci', '--prefer-offline', ...QUIET],
      files: () => ({}),
      env: (guard) =>
        guard === 'guarded' ? { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` } : {},
      scenes: [cold(['npm-cache'], false), warm(1.03, false)],
    },
    context,
  );
}
