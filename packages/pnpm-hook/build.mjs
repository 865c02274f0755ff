// The hook in five files: index.cjs is loaded by every pnpm command, by forced.cjs where `tarwarden pnpm` runs it, inspect.cjs
// with the first tarball, fetch.cjs with the first download that takes more than one plain request, and check.cjs is a
// program of its own.

import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const network = fileURLToPath(new URL('../host/src/fetch/registry-fetch.ts', import.meta.url));

/** Modules that are imported when they are needed, and the files that they and all that only they need go to. */
const LATER = { 'registry-fetch.ts': './fetch.cjs', 'inspection.ts': './inspect.cjs' };

/** @type {import('esbuild').Plugin} */
const split = {
  name: 'split',
  setup(build) {
    build.onResolve({ filter: /\/(?:registry-fetch|inspection)\.ts$/ }, ({ kind, path }) =>
      kind === 'dynamic-import'
        ? { path: LATER[/** @type {keyof LATER} */ (basename(path))], external: true }
        : undefined,
    );
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
      index: join(folder, 'src/index.ts'),
      inspect: join(folder, 'src/inspection.ts'),
      fetch: network,
      check: join(folder, 'src/check.ts'),
      forced: join(folder, 'src/forced.ts'),
    },
    plugins: [split],
    // As require(): Node's loader of modules takes longer to start than to load them.
    supported: { 'dynamic-import': false },
    // pnpm reads plain properties of what it requires.
    footer: { js: 'if (module.exports.pnpmfile) module.exports = module.exports.pnpmfile;' },
  };
}
