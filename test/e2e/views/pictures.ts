/** What five clients make of the archive of the picture "one archive, five trees", without and with the built guard. */
import { ENTRIES, oddPackage } from '../../support/pictures/odd-package.ts';
import type { FiveTrees, Installed } from '../../support/pictures/five-trees.ts';
import { versionOf, type ManagerName } from '../../support/managers.ts';
import { guardBuild, refusedBy } from './guarded.ts';
import { nameOf, observe } from './observe.ts';
import { digestOf } from './table.ts';

/** The newest of each client that the tests drive. */
export const CLIENTS = {
  'npm-12': 'npm',
  'pnpm-12': 'pnpm',
  'yarn-4': 'Yarn',
  'yarn-1': 'Yarn classic',
  bun: 'bun',
} as const satisfies Partial<Record<ManagerName, string>>;

export type PictureClient = keyof typeof CLIENTS;

export const oddDigest = (): string => digestOf(oddPackage.build({ name: nameOf(oddPackage) }));

export async function measureTrees(): Promise<FiveTrees> {
  const clients: Record<string, Installed> = {};
  for (const client of Object.keys(CLIENTS) as PictureClient[]) {
    const guarded = await guardedOf(client);
    clients[client] = {
      title: CLIENTS[client],
      version: versionOf(client).version,
      date: new Date().toISOString().slice(0, 10),
      tree: await treeOf(client),
      ...(guarded !== undefined && { guarded }),
    };
  }
  return { digest: oddDigest(), clients };
}

/** The files and links that lie in the folder of the package. */
export async function treeOf(client: PictureClient): Promise<Installed['tree']> {
  const seen = (await observe(client, [[oddPackage]])).get(oddPackage.id);
  if (seen?.outcome !== 'installs') throw new Error(`${client} did not install the archive`);
  const tree: Record<string, 'file' | 'link'> = {};
  for (const [path, { kind }] of [...seen.files].toSorted(byPlace))
    if (kind === 'file' || kind === 'link') tree[path] = kind;
  return tree;
}

const byPlace = ([one]: [string, unknown], [other]: [string, unknown]): number =>
  ENTRIES.findIndex((path) => path === one) - ENTRIES.findIndex((path) => path === other);

/** What the built guard makes of the archive; undefined where there is none. */
export async function guardedOf(client: PictureClient): Promise<string | undefined> {
  if (guardBuild(client) === undefined) return undefined;
  return (await refusedBy(client, [oddPackage])).get(oddPackage.id);
}
