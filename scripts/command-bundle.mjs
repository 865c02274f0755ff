// How a command is built: CommonJS in a folder that says so, although its package has ES modules. Both products use this.

import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { transform } from 'esbuild';
import { directImports } from './direct-imports.mjs';

/** esbuild makes this of `import.meta.url` in a file of CommonJS. */
const ADDRESS = {
  define: { 'import.meta.url': '__mainUrl' },
  banner: `'use strict';
const __mainUrl = require('node:url').pathToFileURL(__filename).href;`,
};

/**
 * Makes CommonJS of what was built as ES modules: Node 20 loads no ES module from below a folder with a backslash in
 * its name. In two steps, because esbuild splits nothing else than ES modules.
 * @param {string} program             File name of the main program.
 * @param {readonly string[]} located  File names of the others that ask where they are.
 * @returns {import('esbuild').Plugin}
 */
function commonJs(program, located) {
  return {
    name: 'common-js',
    setup(build) {
      const { initialOptions } = build;
      initialOptions.write = false;
      build.onEnd(async ({ outputFiles = [] }) => {
        for (const { path, text } of outputFiles) {
          const isProgram = basename(path) === program;
          const { code } = await transform(text, {
            format: 'cjs',
            platform: 'node',
            target: initialOptions.target ?? [],
            charset: initialOptions.charset ?? 'utf8',
            // As require(): Node's loader of modules takes longer to start than to load them.
            supported: { 'dynamic-import': false },
            // ES modules are strict without saying so.
            banner: "'use strict';",
            ...(isProgram || located.includes(basename(path)) ? ADDRESS : {}),
          });
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, isProgram ? `#!/usr/bin/env node\n${code}` : code);
        }
      });
    },
  };
}

/**
 * commander can start programs as sub-commands. None of ours is one, and loading node:child_process for it would take
 * longer than commander itself.
 * @type {import('esbuild').Plugin}
 */
const withoutSubprograms = {
  name: 'without-subprograms',
  setup(build) {
    const namespace = 'no-subprograms';
    build.onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace } : undefined,
    );
    build.onLoad({ filter: /^/, namespace }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * @param {import('esbuild').BuildOptions} defaults  With the main program as their entry point.
 * @param {object} more
 * @param {Readonly<Record<string, string>>} more.programs  Sources of other programs, by the names of their files.
 * @param {readonly string[]} [more.located]                File names of those that ask where they are.
 * @param {readonly import('esbuild').Plugin[]} [more.plugins]
 * @returns {import('esbuild').BuildOptions}
 */
export function commandOptions(defaults, { programs, located = [], plugins = [] }) {
  const { outdir = '.' } = defaults;
  const [program] = Object.keys(defaults.entryPoints ?? {});
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  return {
    ...defaults,
    entryPoints: Object.assign({}, defaults.entryPoints, programs),
    plugins: [directImports, withoutSubprograms, ...plugins, commonJs(`${program}.js`, located)],
  };
}
