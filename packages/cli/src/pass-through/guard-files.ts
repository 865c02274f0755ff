import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TarwardenError } from '@tarwarden/core';

/** In an installation, a guard is beside the main file. In a checkout, it is in the build of its own package. */
const PLACES = {
  npm: ['./preload.cjs', '../../npm-wrapper/dist/preload.cjs'],
  'yarn-classic': ['./yarn-classic/preload.cjs', '../../yarn-classic-wrapper/dist/preload.cjs'],
  yarn: ['./plugin-tarwarden.cjs', '../../yarn-plugin/dist/plugin-tarwarden.cjs'],
  bun: ['./bun/scanner.mjs', '../../bun-wrapper/guard/scanner.mjs'],
  ruby: ['./tarwarden.rb', '../../pip-gem-hooks/guard/ruby/tarwarden.rb'],
  pip: ['./pip/sitecustomize.py', '../../pip-gem-hooks/guard/pip/sitecustomize.py'],
  pnpm: ['./pnpm/index.cjs', '../../pnpm-hook/dist/index.cjs'],
} as const;

/** The path of the file that guards a manager. Without it, the manager is not started. */
export async function findGuard(manager: keyof typeof PLACES, mainUrl: string): Promise<string> {
  const paths = PLACES[manager].map((path) => fileURLToPath(new URL(path, mainUrl)));
  const file = paths.find((path) => existsSync(path));
  if (file !== undefined) return file;
  throw new TarwardenError(
    'NOT_INSPECTED',
    `the guard (${paths[0] ?? ''}) is missing, so ${manager} was not started; install tarwarden again, or run "pnpm build"`,
  );
}
