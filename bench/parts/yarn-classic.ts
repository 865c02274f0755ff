import { built } from '../built.ts';
import { installs } from '../installs/install.ts';
import { cold, UNGUARDED, warm } from '../installs/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

// Some of the packages ask for a newer Node than this one; other managers warn.
const QUIET = ['--ignore-scripts', '--ignore-engines', '--silent'];

/** `yarn install` of Yarn 1, guarded by the environment variable that `tarwarden yarn` sets. */
export function yarnClassic(context: Context): Promise<Row[]> {
  const preload = built('yarn-classic-wrapper/dist/preload.cjs');
  const all = warm({ warm: 1.05 });
  return installs(
    {
      title: 'Yarn classic',
      name: 'yarn-1',
      first: ['yarn', 'install', ...QUIET],
      install: ['yarn', 'install', '--frozen-lockfile', ...QUIET],
      files: () => ({ '.yarnrc': 'cache-folder "../yarn-1-cache"\n' }),
      env: (guard) =>
        guard === 'guarded' ? { NODE_OPTIONS: `--require ${JSON.stringify(preload)}` } : {},
      scenes: [
        cold(['yarn-1-cache'], { cold: 1.1 }),
        {
          ...all,
          entrants: [
            ...all.entrants,
            // Each folder of the cache is compared with its tarball.
            {
              name: 'guarded, nothing seen before',
              guard: 'guarded',
              forget: true,
              over: UNGUARDED,
            },
          ],
        },
      ],
    },
    context,
  );
}
