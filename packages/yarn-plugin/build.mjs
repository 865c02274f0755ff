// One file in the form in which Yarn loads plugins: a name, and a factory that is given Yarn's own `require`.

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('.', import.meta.url));
const output = join(folder, 'dist/plugin-tarwarden.cjs');

/** Yarn gives a plugin its own modules and those of Node, the latter in Yarn 3 only without the `node:` prefix. */
const OWN = /^(?:@yarnpkg\/[a-z-]+|semver)$/;

/** The function around the program that a thread runs, which is given its text: readable, as all that is in this file. */
const INSPECTOR = 'inspectorProgram';

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
 * Counts what the program of the thread holds as held by the plugin.
 * @param {import('esbuild').Metafile['outputs']} outputs
 * @returns {import('esbuild').Plugin}
 */
const alsoHolding = (outputs) => ({
  name: 'also-holding',
  setup(build) {
    build.onEnd(({ metafile }) => {
      const inside = Object.entries(outputs).map(([path, one]) => [`${output}#${path}`, one]);
      if (metafile) Object.assign(metafile.outputs, Object.fromEntries(inside));
    });
  },
});

/**
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {Promise<import('esbuild').BuildOptions>}
 */
export async function esbuildOptions(defaults) {
  const { text: inspector, outputs } = await program(defaults, 'src/inspector-program.ts');
  return {
    ...defaults,
    format: 'iife',
    globalName: 'plugin',
    define: {
      ...defaults.define,
      TARWARDEN_INSPECTOR: INSPECTOR,
    },
    banner: {
      js: [
        '/* eslint-disable */',
        '//prettier-ignore',
        'module.exports = {',
        'name: "plugin-tarwarden",',
        'factory: function (require) {',
      ].join('\n'),
    },
    footer: { js: `return plugin;\nfunction ${INSPECTOR}(require) {\n${inspector}}\n}\n};` },
    plugins: [modulesOfYarn, digest, alsoHolding(outputs)],
  };
}

/**
 * The text of a program that a thread runs, and what it holds.
 * @param {import('esbuild').BuildOptions} defaults
 * @param {string} entry
 */
async function program(defaults, entry) {
  const { outputFiles, metafile } = await build({
    ...defaults,
    entryPoints: [join(folder, entry)],
    format: 'cjs',
    metafile: true,
    write: false,
  });
  return { text: outputFiles[0]?.text ?? '', outputs: metafile.outputs };
}
