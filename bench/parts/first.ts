/* First installs with verdicts that others have signed, by the number of packages and the way to the store. */
import { startMadePackages } from '../growth/made-packages.ts';
import { withMadeProject } from '../growth/made-project.ts';
import { installs, type Manager } from '../installs/install.ts';
import { FAR } from '../installs/signed.ts';
import type { Context } from '../part.ts';
import type { Row } from '../result.ts';
import { npmManager } from './npm.ts';
import { pnpmManager } from './pnpm.ts';
import { yarnManager } from './yarn.ts';

const MANY_PACKAGES = 2000;

/** Everything is fetched, and nothing was inspected before. */
export async function first({ before: _before, ...rest }: Context): Promise<Row[]> {
  const context: Context = rest;
  const managers = [npmManager(context), pnpmManager('12', context), yarnManager(context)].map(
    withStores,
  );
  const rows: Row[] = [];
  for (const manager of managers) rows.push(...(await installs(manager, context)));
  const packages = await startMadePackages(MANY_PACKAGES);
  try {
    const made: Context = { ...context, mirror: async () => packages };
    for (const manager of managers)
      rows.push(...(await installs(withMadeProject(manager, packages, MANY_PACKAGES), made)));
  } finally {
    packages.close();
  }
  return rows;
}

function withStores(manager: Manager): Manager {
  const guarded = { guard: 'guarded', forget: true } as const;
  const over = 'no store';
  const scene = {
    name: 'cold, signed by others',
    without: manager.scenes[0]?.without ?? [],
    entrants: [
      { name: over, ...guarded },
      { name: 'near store', ...guarded, store: 'signed', over },
      { name: `store ${FAR} ms away`, ...guarded, store: 'far', over },
    ],
  } as const;
  return { ...manager, scenes: [scene] };
}
