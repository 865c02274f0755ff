// What the core can do and no command does yet stays out of the bundle: fetching from a registry is 1.2 MB.

/**
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {import('esbuild').BuildOptions}
 */
export function esbuildOptions(defaults) {
  return { ...defaults, external: [...(defaults.external ?? []), 'npm-registry-fetch'] };
}
