import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';

const PROGRAM = 'tarwarden.js';
/** Programs that threads run: a scan, an audit, the gateway and a guarded bun start them. They are built beside the main program. */
const THREADS = {
  'scan-thread': 'src/archives/scan-thread.ts',
  'audit-thread': 'src/archives/inspection-thread.ts',
  'document-thread': 'src/gateway/document-thread.ts',
  'bun-thread': 'src/commands/bun/thread.ts',
};

/** What esbuild makes of `import.meta.url` in a program of CommonJS. */
const ADDRESS = {
  define: { 'import.meta.url': '__mainUrl' },
  banner: `#!/usr/bin/env node
'use strict';
const __mainUrl = require('node:url').pathToFileURL(__filename).href;`,
};

/**
 * Makes CommonJS of what was built as ES modules: Node 20 loads no ES module from below a folder with a backslash in
 * its name. In two steps, because esbuild splits nothing else than ES modules.
 * @type {import('esbuild').Plugin}
 */
const commonJs = {
  name: 'common-js',
  setup(build) {
    const { initialOptions } = build;
    initialOptions.write = false;
    build.onEnd(async ({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        const { code } = await transform(text, {
          format: 'cjs',
          platform: 'node',
          target: initialOptions.target,
          charset: initialOptions.charset,
          // As require(): Node's loader of modules takes longer to start than to load them.
          supported: { 'dynamic-import': false },
          // ES modules are strict without saying so.
          banner: "'use strict';",
          ...(basename(path) === PROGRAM && ADDRESS),
        });
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, code);
      }
    });
  },
};

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
 * What jsonc-parser has for CommonJS requires its parts in a way that no bundler sees: they would be missing.
 * @type {import('esbuild').Plugin}
 */
const jsoncParser = {
  name: 'jsonc-parser',
  setup(build) {
    build.onResolve({ filter: /^jsonc-parser$/ }, ({ resolveDir, kind }) =>
      build.resolve('jsonc-parser/lib/esm/main.js', { resolveDir, kind }),
    );
  },
};

/**
 * The advisory records that `doctor` compares with, in one file: it reads all of them.
 * @param {string} folder
 * @param {string} file
 */
function writeAdvisories(folder, file) {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const texts = names.toSorted().map((name) => readFileSync(join(folder, name), 'utf8'));
  const records = texts.map((text) => JSON.stringify(JSON.parse(text)));
  writeFileSync(file, `[\n${records.join(',\n')}\n]\n`);
}

/** Files of Bull Board's page that are put beside the program: of its languages, English alone. */
const BOARD_FILE = /^(?:index\.ejs|static\/(?!locales\/).+|static\/locales\/en-US\/.+)$/;

/**
 * The page of `sweep board`, packed.
 * @param {string} sweep Folder of the package that serves it.
 * @param {string} target
 */
function writeBoard(sweep, target) {
  const manifest = createRequire(join(sweep, 'package.json')).resolve(
    '@bull-board/ui/package.json',
  );
  const source = join(dirname(manifest), 'dist');
  rmSync(target, { recursive: true, force: true });
  for (const entry of readdirSync(source, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const name = relative(source, file).replaceAll('\\', '/');
    if (!entry.isFile() || !BOARD_FILE.test(name)) continue;
    const isPage = name === 'index.ejs';
    const path = join(target, isPage ? name : `${name}.gz`);
    mkdirSync(dirname(path), { recursive: true });
    const bytes = readFileSync(file);
    writeFileSync(path, isPage ? bytes : gzipSync(bytes, { level: 9 }));
  }
}

/**
 * Builds CommonJS in a folder that says so, in a package of ES modules. Puts the policy's
 * JSON schema, the pages of the rules, the advisory records and the board's page beside the program, so that they are published with it.
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {import('esbuild').BuildOptions}
 */
export function esbuildOptions(defaults) {
  const { absWorkingDir = '.', outdir = '.' } = defaults;
  const threads = Object.entries(THREADS).map(([name, file]) => [
    name,
    join(import.meta.dirname, file),
  ]);
  // The files of a command keep their names, `commands/npm/run.js`, so that readers of the release find them.
  const source = join(import.meta.dirname, 'src/commands');
  const commands = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => ['definition', 'run'].map((file) => `${name}/${file}`))
    .map((path) => [`commands/${path}`, join(source, `${path}.ts`)]);
  const schema = 'tarwarden.schema.json';
  copyFileSync(join(absWorkingDir, 'schema', schema), join(outdir, schema));
  const pages = join(outdir, 'rules');
  rmSync(pages, { recursive: true, force: true });
  cpSync(join(absWorkingDir, 'docs/rules'), pages, {
    recursive: true,
    filter: (file) => !file.endsWith('README.md'),
  });
  writeAdvisories(join(absWorkingDir, 'data/advisories'), join(outdir, 'advisories.json'));
  writeBoard(join(absWorkingDir, 'packages/sweep'), join(outdir, 'board'));
  writeFileSync(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  return {
    ...defaults,
    entryPoints: Object.assign(
      {},
      defaults.entryPoints,
      Object.fromEntries([...threads, ...commands]),
    ),
    // Bull Board looks for its page in this way, unless it is given.
    logOverride: { 'direct-eval': 'silent' },
    plugins: [withoutSubprograms, jsoncParser, commonJs],
  };
}
