// `inspector.cjs` holds the core, for an npm that fetches something; `links-out.cjs` is for one that installs.
import { guardBundle } from '../../scripts/guard-bundle.mjs';

/** @param {import('esbuild').BuildOptions} defaults */
export const esbuildOptions = (defaults) =>
  guardBundle(import.meta.dirname, ['inspector', 'links-out'], defaults);
