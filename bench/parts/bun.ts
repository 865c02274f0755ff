import { built } from '../built.ts';
import { installs } from '../installs/install.ts';
import { cold, warm } from '../installs/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

const QUIET = ['--ignore-scripts', '--no-summary'];

/** `bun ci`, and `tarwarden bun ci`. bun alone keeps packages in its own cache, the guard in that of tarwarden. */
export function bun(context: Context): Promise<Row[]> {
  const cli = built('cli/bin/tarwarden.js');
  return installs(
    {
      title: 'bun',
      name: 'bun',
      first: ['bun', 'install', ...QUIET],
      install: ['bun', 'install', '--frozen-lockfile', ...QUIET],
      files: () => ({}),
      start: (guard) => (guard === 'guarded' ? [process.execPath, cli] : []),
      scenes: [cold(['npm-cache', 'bun/install/cache'], { cold: 1.1 }), warm({ warm: 1.5 })],
    },
    context,
  );
}
