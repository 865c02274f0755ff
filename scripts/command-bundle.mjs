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

/** Half of a command is code of other packages. Names stay as written, and an error that Node prints quotes no more than a line. */
export const COMPACT = { minifyWhitespace: true, lineLimit: 160 };

/** The file in which the small parts are. */
const PACK = 'pack.js';

/** Node takes longer to open a file than to compile so much. */
const SMALL_BYTES = 2000;

/**
 * Whether a file is a part that other files load, and no program.
 * @param {{ readonly path: string, readonly text: string }} file
 */
function isSmallPart({ path, text }) {
  return basename(path).startsWith('chunk-') && text.length <= SMALL_BYTES;
}

/**
 * Has a file take the small parts from the file that holds them.
 * @param {string} code
 * @param {readonly string[]} packed  Paths of the small parts.
 * @param {string} path               That of the file.
 */
function withPack(code, packed, path) {
  const names = new Set(packed.map((part) => basename(part)));
  return code.replaceAll(/\brequire\("([^"]*\/)([^"/]+)"\)/g, (all, folder, name) => {
    if (!names.has(name)) return all;
    const asked = JSON.stringify(name);
    return packed.includes(path) ? `part(${asked})` : `require("${folder}${PACK}")(${asked})`;
  });
}

/** A helper that esbuild writes into each file: a line, or lines up to a bracket at the start of one. */
const HELPER = /^var (__\w+) = (?:.*;|[^]*?\n[)}]+;)\n/gm;

/**
 * Parts as Node keeps modules: each runs once, when it is asked for.
 * @param {readonly string[]} parts
 */
function packText(parts) {
  /** @type {Map<string, string>} */
  const helpers = new Map();
  const shortened = parts.map((part) =>
    part.replaceAll(HELPER, (text, name) => {
      if (!helpers.has(name)) helpers.set(name, text);
      return helpers.get(name) === text ? '' : text;
    }),
  );
  return `'use strict';
${[...helpers.values()].join('')}const made = Object.create(null);
const parts = {
${shortened.join(',\n')}
};
module.exports = function part(name) {
  const known = made[name];
  if (known !== undefined) return known.exports;
  const module = (made[name] = { exports: {} });
  parts[name](module, module.exports);
  return module.exports;
};
const part = module.exports;
`;
}

/**
 * Makes CommonJS of what was built as ES modules: Node 20 loads no ES module from below a folder with a backslash in
 * its name. In two steps, because esbuild splits nothing else than ES modules.
 * @param {string} program  File name of the main program.
 * @returns {import('esbuild').Plugin}
 */
function commonJs(program) {
  return {
    name: 'common-js',
    setup(build) {
      const { initialOptions } = build;
      initialOptions.write = false;
      build.onEnd(async ({ outputFiles = [] }) => {
        const packed = outputFiles.filter(isSmallPart).map(({ path }) => path);
        /** @type {string[]} */
        const parts = [];
        for (const { path, text } of outputFiles) {
          const isProgram = basename(path) === program;
          const { code: asBuilt } = await transform(text, {
            format: 'cjs',
            platform: 'node',
            target: initialOptions.target ?? [],
            charset: initialOptions.charset ?? 'utf8',
            ...COMPACT,
            // As require(): Node's loader of modules takes longer to start than to load them.
            supported: { 'dynamic-import': false },
            // ES modules are strict without saying so.
            banner: "'use strict';",
            ...(isProgram ? ADDRESS : {}),
          });
          const code = withPack(asBuilt, packed, path);
          if (packed.includes(path)) {
            parts.push(`${JSON.stringify(basename(path))}(module, exports) {\n${code}}`);
            continue;
          }
          mkdirSync(dirname(path), { recursive: true });
          writeFileSync(path, isProgram ? `#!/usr/bin/env node\n${code}` : code);
        }
        const [first] = packed;
        if (first !== undefined) writeFileSync(join(dirname(first), PACK), packText(parts));
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
 * @param {readonly import('esbuild').Plugin[]} [more.plugins]
 * @returns {import('esbuild').BuildOptions}
 */
export function commandOptions(defaults, { programs, plugins = [] }) {
  const { outdir = '.' } = defaults;
  const [program] = Object.keys(defaults.entryPoints ?? {});
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  return {
    ...defaults,
    entryPoints: Object.assign({}, defaults.entryPoints, programs),
    plugins: [
      ...(defaults.plugins ?? []),
      directImports,
      withoutSubprograms,
      ...plugins,
      commonJs(`${program}.js`),
    ],
  };
}
