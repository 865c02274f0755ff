import type { Format } from '../finding/format.ts';
import { TREE_CLIENTS, type TreeClient } from '../finding/tree-client.ts';

/** The way in which a client unpacks an accepted archive into its own cache or store, or into the folder of the package. */
interface Unpacking {
  /** The formats that the client unpacks. */
  readonly formats: readonly Format[];
  /** `modes`: a file is executable if the archive gives somebody the right to execute it. `never`: the client makes no file executable. */
  readonly executable: 'modes' | 'never';
  /** `dropped`: the client leaves symbolic links out. `written`: it makes them, so an archive that has one has no tree digest. */
  readonly links: 'dropped' | 'written';
  /** The client writes `.gitignore` as `.npmignore`, unless the same folder of the archive has an `.npmignore`. */
  readonly renamesIgnoreFiles?: true;
  /** The client also strips all folders up to the one with the version: `example.com/module@v1.0.0/`. */
  readonly stripsModuleFolder?: true;
}

/**
 * All differences between the trees of clients. `test/unit/core/trees.test.ts` compares this table with the measured models of the
 * clients in `views/readers`.
 *
 * A tree lists the files as the client unpacks them. Some clients change files afterwards, outside of their cache or store, and the
 * tree does not show that: npm, pnpm and Yarn make the files of commands executable in node_modules, Yarn's linker `node-modules`
 * leaves out the folder `node_modules` of a package, and Yarn 1 leaves out `node_modules/.bin`.
 *
 * pip is not in this table. Its caches hold archives and no unpacked files, and it changes files when it installs a wheel.
 */
const UNPACKING: Readonly<Record<TreeClient, Unpacking>> = {
  npm: {
    formats: ['npm'],
    executable: 'modes',
    links: 'dropped',
    renamesIgnoreFiles: true,
  },
  pnpm: { formats: ['npm'], executable: 'modes', links: 'dropped' },
  yarn: { formats: ['npm', 'yarn-zip'], executable: 'modes', links: 'written' },
  'yarn-classic': { formats: ['npm'], executable: 'modes', links: 'written' },
  bun: { formats: ['npm'], executable: 'modes', links: 'dropped' },
  gem: { formats: ['gem'], executable: 'modes', links: 'written' },
  go: { formats: ['gomod'], executable: 'never', links: 'written', stripsModuleFolder: true },
};

/** Whether a text is the name of a {@link TreeClient}. */
export function isTreeClient(name: string): name is TreeClient {
  return (TREE_CLIENTS as readonly string[]).includes(name);
}

/** Whether the client unpacks archives of a format, so that they can have a tree digest for it. */
export function unpacksFormat(client: TreeClient, format: Format): boolean {
  return unpackingOf(client).formats.includes(format);
}

export function unpackingOf(client: TreeClient): Unpacking {
  return UNPACKING[client];
}
