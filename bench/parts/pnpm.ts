import type { PnpmName } from '../../test/support/managers.ts';
import { built } from '../built.ts';
import { installs, type Guard, type Manager, type Scene } from '../installs/install.ts';
import { cold, warm } from '../installs/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

/** Hooks that pnpm has to start and ask, as it does the guard's, and that answer at once. */
const INERT = `module.exports = {
  hooks: { readPackage: (one) => one, afterAllResolved: (lockfile) => lockfile },
};
`;

type Version = '10' | '11' | '12';

/** Folders of pnpm's store in the sandbox. */
export const PNPM_STORES = ['pnpm-home/store', 'xdg/data/pnpm/store'];

/** `pnpm install --frozen-lockfile` of one pnpm, with the hook as the project's pnpmfile. */
export function pnpm(version: Version): (context: Context) => Promise<Row[]> {
  return (context) =>
    installs(
      pnpmManager(version, [cold(PNPM_STORES, true), warm(1.05, true, PNPM_STORES)]),
      context,
    );
}

export function pnpmManager(version: Version, scenes: readonly Scene[]): Manager {
  const name: PnpmName = `pnpm-${version}`;
  const hook = built('pnpm-hook/dist/index.cjs');
  const pnpmfiles: Partial<Record<Guard, string>> = {
    inert: INERT,
    guarded: `module.exports = require(${JSON.stringify(hook)})\n`,
  };
  return {
    title: `pnpm ${version}`,
    name,
    first: ['pnpm', 'install', '--no-frozen-lockfile', '--ignore-scripts'],
    install: ['pnpm', 'install', '--frozen-lockfile', '--ignore-scripts'],
    files: (guard) => {
      const pnpmfile = pnpmfiles[guard];
      return pnpmfile === undefined ? {} : { '.pnpmfile.cjs': pnpmfile };
    },
    scenes,
  };
}
