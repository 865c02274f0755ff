// A guard that Node preloads is several files. `preload.cjs` is loaded by every Node program with the variable in its environment,
// `guard.cjs` beside it by the guarded client alone, and further files when the guard needs them.

import { join } from 'node:path';

/**
 * @param {string} folder The folder of the package.
 * @param {readonly string[]} later Sources that the guard requires from beside it.
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {import('esbuild').BuildOptions}
 */
export function guardBundle(folder, later, defaults) {
  return {
    ...defaults,
    entryPoints: Object.fromEntries(
      ['preload', 'guard', ...later].map((name) => [name, join(folder, 'src', `${name}.ts`)]),
    ),
    plugins: [
      {
        name: 'separate',
        setup(build) {
          const filter = new RegExp(String.raw`^\./(?:${later.join('|')})\.ts$`);
          build.onResolve({ filter }, ({ path }) => ({
            path: path.replace(/ts$/, 'cjs'),
            external: true,
          }));
        },
      },
    ],
    // `import()` becomes a lazy `require`, which starts no second module loader.
    supported: { 'dynamic-import': false },
  };
}
