// One file in the form in which Yarn loads plugins: a name, and a factory that is given Yarn's own `require`.

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));
const output = join(folder, 'dist/plugin-tarwarden.cjs');

/** Yarn gives a plugin its own modules and those of Node, the latter in Yarn 3 only without the `node:` prefix. */
const OWN = /^(?:@yarnpkg\/[a-z-]+|semver)$/;

/** The function that holds the whole program. The thread that inspects gets its text, so the core is in the file once. */
const PROGRAM = 'tarwardenProgram';

/** @type {import('esbuild').Plugin} */
const modulesOfYarn = {
  name: 'modules-of-yarn',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({
      path: path.slice('node:'.length),
      external: true,
    }));
    build.onResolve({ filter: OWN }, ({ path }) => ({ path, external: true }));
  },
};

/** Writes the file that `sha512sum -c` reads. @type {import('esbuild').Plugin} */
const digest = {
  name: 'digest',
  setup(build) {
    build.onEnd(async ({ errors }) => {
      if (errors.length > 0) return;
      const sum = createHash('sha512')
        .update(await readFile(output))
        .digest('hex');
      await writeFile(`${output}.sha512`, `${sum}  plugin-tarwarden.cjs\n`);
    });
  },
};

/**
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {import('esbuild').BuildOptions}
 */
export function esbuildOptions(defaults) {
  return {
    ...defaults,
    entryPoints: [],
    stdin: {
      contents: `if (isThread) require('./inspector-program.ts'); else module.exports = require('./index.ts');`,
      resolveDir: join(folder, 'src'),
    },
    outdir: undefined,
    outfile: output,
    format: 'cjs',
    define: { ...defaults.define, TARWARDEN_PROGRAM: PROGRAM },
    banner: {
      js: [
        '/* eslint-disable */',
        '//prettier-ignore',
        'module.exports = {',
        'name: "plugin-tarwarden",',
        'factory: function (require) {',
        `return ${PROGRAM}(require, false);`,
        `function ${PROGRAM}(require, isThread) {`,
        "'use strict';",
        'const module = { exports: {} };',
      ].join('\n'),
    },
    footer: { js: 'return module.exports;\n}\n}\n};' },
    plugins: [modulesOfYarn, digest],
  };
}
