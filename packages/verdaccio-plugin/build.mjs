// `plugin.cjs`, which verdaccio loads, and beside it what its threads run: `inspection-thread.cjs` and `document-thread.cjs`.

import { join } from 'node:path';

/**
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {import('esbuild').BuildOptions}
 */
export function esbuildOptions(defaults) {
  return {
    ...defaults,
    entryPoints: {
      plugin: join(import.meta.dirname, 'src/plugin.ts'),
      'inspection-thread': join(import.meta.dirname, 'src/inspection-thread.ts'),
      'document-thread': join(import.meta.dirname, 'src/document-thread.ts'),
    },
    define: { ...defaults.define, 'import.meta.dirname': '__dirname' },
    // As require(): Node's loader of modules takes longer to start than to load them.
    supported: { 'dynamic-import': false },
    // verdaccio calls what is exported as `default`. It skips a bare class, and serves without it.
    footer: {
      js: 'if (module.exports.tarwarden) module.exports = { default: module.exports.tarwarden };',
    },
  };
}
