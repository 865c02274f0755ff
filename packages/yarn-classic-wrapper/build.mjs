// The guard is three files: `preload.cjs`, which every Node program with the variable in its environment loads, and beside
// it `guard.cjs`, which only a Yarn 1 loads, and `inspector.cjs`, with the core, for one that fetches something.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = join(dirname(fileURLToPath(import.meta.url)), 'src');

/** Leaves this out of the guard, to be required from beside it. */
const separate = {
  name: 'separate',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^\.\/inspector\.ts$/ }, ({ path }) => ({
      path: path.replace(/ts$/, 'cjs'),
      external: true,
    }));
  },
};

/**
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {import('esbuild').BuildOptions}
 */
export function esbuildOptions(defaults) {
  return {
    ...defaults,
    entryPoints: {
      preload: join(source, 'preload.ts'),
      guard: join(source, 'guard.ts'),
      inspector: join(source, 'inspector.ts'),
    },
    plugins: [separate],
    // `import()` becomes a lazy `require`, which starts no second module loader.
    supported: { 'dynamic-import': false },
  };
}
