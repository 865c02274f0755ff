import { built } from '../built.ts';
import { guards, installs, type Guard, type Manager } from '../installs/install.ts';
import { cold, restored, warm } from '../installs/scenes.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';

/** Hooks that pnpm has to start and ask, as it does the guard's, and that answer at once. */
const INERT = `module.exports = {
  hooks: { readPackage: (one) => one, afterAllResolved: (lockfile) => lockfile },
};
`;

/** pnpm 12 installs in less time than it takes to inflate and inspect the archives. The others are compared to a hook that does nothing. */
const LIMITS = { cold: 1.6, known: 1.08, warm: 1.05 };

/** Folders of pnpm's store in the sandbox. */
const STORES = ['pnpm-home/store', 'xdg/data/pnpm/store'];

type Version = '10' | '11' | '12';

/** `pnpm install --frozen-lockfile` of one pnpm, with the hook as the project's pnpmfile. */
export function pnpm(version: Version): (context: Context) => Promise<Row[]> {
  return (context) => installs(pnpmManager(version, context), context);
}

export function pnpmManager(version: Version, { before }: Context): Manager {
  const hooks = guards(before, (checkout) => {
    const hook = built('pnpm-hook/dist/index.cjs', checkout);
    return `module.exports = require(${JSON.stringify(hook)})\n`;
  });
  const pnpmfiles: Partial<Record<Guard, string>> = { ...hooks, inert: INERT };
  return {
    title: `pnpm ${version}`,
    name: `pnpm-${version}`,
    first: ['pnpm', 'install', '--no-frozen-lockfile', '--ignore-scripts'],
    install: ['pnpm', 'install', '--frozen-lockfile', '--ignore-scripts'],
    files: (guard) => {
      const pnpmfile = pnpmfiles[guard];
      return pnpmfile === undefined ? {} : { '.pnpmfile.cjs': pnpmfile };
    },
    scenes: [cold(STORES, LIMITS, true), warm(LIMITS, true), restored(STORES)],
  };
}
