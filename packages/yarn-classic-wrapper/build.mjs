// `inspector.cjs` holds the core, for a Yarn 1 that fetches something.
import { guardBundle } from '../../scripts/guard-bundle.mjs';

/** @param {import('esbuild').BuildOptions} defaults */
export const esbuildOptions = (defaults) =>
  guardBundle(import.meta.dirname, ['inspector'], defaults);
