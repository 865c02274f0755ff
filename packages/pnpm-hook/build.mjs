// The hook in five files. Every pnpm command loads index.cjs. The others are loaded late:
// inspect.cjs with the first policy file, tarball, or package that its registry describes otherwise, yaml.cjs with the first settings in YAML, and fetch.cjs with the first download that takes more than one plain request.
// ahead.cjs is a program of its own.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { COMPACT } from '../../scripts/command-bundle.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** js-yaml of the package that reads settings. */
const yaml = createRequire(new URL('../clients/package.json', import.meta.url)).resolve('js-yaml');

/** Entry points that the hook imports when it needs them, and the files beside it that they are built to. */
const LATER = {
  '#inspection': './inspect.cjs',
  '@tarwarden/guard/registry-fetch': './fetch.cjs',
  '@tarwarden/guard/weighing': './inspect.cjs',
};

/** The files that hold other packages alone, and the program that the command runs. @type {import('esbuild').Plugin} */
const compact = {
  name: 'compact',
  setup(build) {
    build.onEnd(async () => {
      for (const name of ['fetch', 'yaml', 'ahead']) {
        const file = join(folder, 'dist', `${name}.cjs`);
        const { code } = await transform(readFileSync(file, 'utf8'), {
          ...COMPACT,
          charset: 'utf8',
        });
        writeFileSync(file, code);
      }
    });
  },
};

/**
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {import('esbuild').BuildOptions}
 */
export function esbuildOptions(defaults) {
  const { alias = {}, plugins = [] } = defaults;
  return {
    ...defaults,
    entryPoints: {
      index: join(folder, 'src/index.ts'),
      inspect: join(folder, 'src/inspection/inspection.ts'),
      fetch: alias['@tarwarden/guard/registry-fetch'],
      yaml,
      ahead: join(folder, 'src/config-dependencies/ahead.ts'),
    },
    alias: { ...alias, ...LATER, 'js-yaml': join(folder, 'later-yaml.cjs') },
    external: [...Object.values(LATER), './yaml.cjs'],
    plugins: [...plugins, compact],
    // As require(): Node's loader of modules takes longer to start than to load them.
    supported: { 'dynamic-import': false },
    // pnpm reads plain properties of what it requires.
    footer: { js: 'if (module.exports.pnpmfile) module.exports = module.exports.pnpmfile;' },
  };
}
