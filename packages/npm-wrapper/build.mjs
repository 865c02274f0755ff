// The guard is two files: `preload.cjs`, which every Node program with the variable in its environment loads,
// and `inspector.cjs` beside it, with the core, which only an npm that fetches something loads.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = join(dirname(fileURLToPath(import.meta.url)), 'src');

/** Leaves the inspector out of the preload, to be required from beside it. */
const separateInspector = {
  name: 'separate-inspector',
  /** @param {import('esbuild').PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /^\.\/inspector\.ts$/ }, () => ({
      path: './inspector.cjs',
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
      inspector: join(source, 'inspector.ts'),
    },
    plugins: [separateInspector],
    // `import()` becomes a lazy `require`, which starts no second module loader.
    supported: { 'dynamic-import': false },
  };
}
