/* First installs with verdicts that others have signed, by the number of packages and the way to the store. */
import { installs, type Manager, type Scene } from '../installs/install.ts';
import { FAR } from '../installs/signed.ts';
import { smallPackages } from '../installs/small-packages.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';
import { NPM_CACHE, npmManager } from './npm.ts';
import { PNPM_STORES, pnpmManager } from './pnpm.ts';
import { YARN_CACHE, yarnManager } from './yarn.ts';

const SMALL_PACKAGES = 2000;

/** Everything is fetched, and nothing was inspected before. */
export async function first(context: Context): Promise<Row[]> {
  const managers = [
    npmManager([scene(NPM_CACHE)]),
    pnpmManager('12', [scene(PNPM_STORES)]),
    yarnManager([scene(YARN_CACHE)]),
  ];
  const rows = await play(managers, context);
  const small = await smallPackages(SMALL_PACKAGES);
  try {
    const { project } = small;
    const others = managers.map((manager) => ({ ...manager, project }));
    return [...rows, ...(await play(others, { ...context, mirror: async () => small }))];
  } finally {
    small.close();
  }
}

async function play(managers: readonly Manager[], context: Context): Promise<Row[]> {
  const rows: Row[] = [];
  for (const manager of managers) rows.push(...(await installs(manager, context)));
  return rows;
}

function scene(without: readonly string[]): Scene {
  const guarded = { guard: 'guarded', forget: true } as const;
  const over = 'no store';
  return {
    name: 'cold, signed by others',
    without,
    entrants: [
      { name: over, ...guarded },
      { name: 'near store', ...guarded, store: 'signed', over },
      { name: `store ${FAR} ms away`, ...guarded, store: 'far', over },
    ],
  };
}
