// The hook in three files: index.cjs is loaded by every pnpm command, fetch.cjs with the first download, and
// check.cjs is a program of its own.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const network = fileURLToPath(new URL('../core/src/host/registry-fetch.ts', import.meta.url));

/** Parts of the network layer that no download of ours reaches: its disk cache, and text in other encodings. */
const UNUSED = /^(?:cacache|iconv-lite|encoding)$/;

/** @type {import('esbuild').Plugin} */
const splitNetwork = {
  name: 'split-network',
  setup(build) {
    build.onResolve({ filter: /\/registry-fetch\.ts$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './fetch.cjs', external: true },
    );
    build.onResolve({ filter: UNUSED }, ({ path }) => ({ path, namespace: 'unused' }));
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: 'module.exports = {};',
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
      index: join(folder, 'src/index.ts'),
      fetch: network,
      check: join(folder, 'src/check.ts'),
    },
    plugins: [splitNetwork],
    // pnpm reads plain properties of what it requires.
    footer: { js: 'if (module.exports.pnpmfile) module.exports = module.exports.pnpmfile;' },
  };
}
