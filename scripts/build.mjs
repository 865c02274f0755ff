// Builds everything: `tsc` compiles the core, which is published; then one esbuild bundle for each file that other programs load.
// `pnpm lint` checks the types. Plain JavaScript, so that it runs on Node 20 before anything is built.
//
// A package may take over its own bundle: packages/<name>/build.mjs exports
// `esbuildOptions(defaults)`, which gets the options below and returns the ones to use.

import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundledPackages, sorted, writeThirdPartyLicenses } from './third-party.mjs';
import { packageSources, root, runOrExit } from './workspace.mjs';

/**
 * @typedef {object} Bundle
 * @property {string} package   Folder under packages/.
 * @property {string} entry     Source file, relative to the package.
 * @property {string} output    Bundle, relative to the package.
 * @property {import('esbuild').BuildOptions} options
 */

/**
 * Parts of other packages that are not called here, and are large. minipass-fetch needs iconv-lite for `textConverted` alone.
 * @type {import('esbuild').Plugin}
 */
const withoutUnused = {
  name: 'without-unused',
  setup(build) {
    const namespace = 'unused';
    build.onResolve({ filter: /^iconv-lite$/ }, ({ path }) => ({ path, namespace }));
    build.onLoad({ filter: /^/, namespace }, () => ({ contents: 'module.exports = {};' }));
  },
};

/** A command loads what it imports dynamically; the start-up of the others does not. @type {import('esbuild').BuildOptions} */
const COMMAND = { format: 'esm', splitting: true, chunkNames: 'chunks/[name]-[hash]' };

/** @type {readonly Bundle[]} */
const bundles = [
  {
    package: 'npm-wrapper',
    entry: 'src/preload.ts',
    output: 'dist/preload.cjs',
    options: { format: 'cjs' },
  },
  {
    package: 'yarn-classic-wrapper',
    entry: 'src/preload.ts',
    output: 'dist/preload.cjs',
    options: { format: 'cjs' },
  },
  {
    package: 'pnpm-hook',
    entry: 'src/index.ts',
    output: 'dist/index.cjs',
    options: { format: 'cjs' },
  },
  {
    package: 'yarn-plugin',
    entry: 'src/index.ts',
    output: 'dist/plugin-tarwarden.cjs',
    options: { format: 'cjs' },
  },
  { package: 'cli', entry: 'src/main.ts', output: 'bin/tarwarden.js', options: COMMAND },
  { package: 'server', entry: 'src/main.ts', output: 'bin/tarwarden-server.js', options: COMMAND },
];

/** Of every bundle. @type {import('esbuild').BuildOptions} */
const COMMON = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  charset: 'utf8',
  // Released code is read by the people it guards: names stay as written.
  minify: false,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  alias: packageSources,
  plugins: [withoutUnused],
};

/** @param {string} path */
const exists = (path) =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * @param {Bundle} bundle
 * @returns {Promise<import('esbuild').BuildOptions>}
 */
async function optionsFor(bundle) {
  const folder = join(root, 'packages', bundle.package);
  const output = join(folder, bundle.output);
  /** @type {import('esbuild').BuildOptions} */
  const defaults = {
    ...COMMON,
    // Named, so that a bundle with chunks keeps its file name.
    entryPoints: { [outputName(output)]: join(folder, bundle.entry) },
    outdir: dirname(output),
    outExtension: { '.js': output.endsWith('.cjs') ? '.cjs' : '.js' },
    ...bundle.options,
  };
  const own = join(folder, 'build.mjs');
  if (!(await exists(own))) return defaults;
  const { esbuildOptions } = await import(pathToFileURL(own).href);
  return esbuildOptions(defaults);
}

/** @param {string} output */
function outputName(output) {
  return output.slice(dirname(output).length + 1).replace(/\.c?js$/, '');
}

/**
 * @param {Bundle} bundle
 * @returns {Promise<import('esbuild').Metafile | undefined>}
 */
async function bundleOne(bundle) {
  const folder = join(root, 'packages', bundle.package);
  if (!(await exists(join(folder, bundle.entry)))) {
    console.log(`skipped ${bundle.package}: it has no ${bundle.entry}`);
    return undefined;
  }
  const output = join(folder, bundle.output);
  // Files of an earlier build would be packed as well.
  if (bundle.output.startsWith('bin/')) await rm(dirname(output), { recursive: true, force: true });
  await mkdir(dirname(output), { recursive: true });
  const { metafile } = await build(await optionsFor(bundle));
  const { size } = await stat(output);
  console.log(`built packages/${bundle.package}/${bundle.output} (${Math.ceil(size / 1024)} kB)`);
  return metafile;
}

/** The published command brings its own copies of the guards, at paths that it knows. */
const guardFiles = {
  'npm-wrapper': ['preload.cjs', 'guard.cjs', 'inspector.cjs', 'links-out.cjs'],
  'yarn-classic-wrapper': ['preload.cjs', 'guard.cjs', 'inspector.cjs'],
  'yarn-plugin': ['plugin-tarwarden.cjs'],
  'pnpm-hook': [
    'index.cjs',
    'inspect.cjs',
    'fetch.cjs',
    'yaml.cjs',
    'ahead.cjs',
    'THIRD-PARTY-LICENSES.txt',
  ],
};

/**
 * Licence texts beside each bundle, and the list of which a release makes its bill of materials.
 * @param {Readonly<Record<string, import('esbuild').Metafile | undefined>>} metafiles
 */
async function writeBundled(metafiles) {
  /** @type {Record<string, import('./third-party.mjs').BundledPackage[]>} */
  const all = {};
  for (const { package: name, output } of wanted) {
    const copied = name === 'cli' ? Object.entries(guardFiles) : [];
    const held = [
      await bundledPackages(metafiles[name]),
      ...(await Promise.all(
        copied.map(([guard, files]) => bundledPackages(metafiles[guard], files)),
      )),
    ];
    const packages = (all[name] = sorted(held.flat()));
    const folder = dirname(join(root, 'packages', name, output));
    await writeThirdPartyLicenses(packages, join(folder, 'THIRD-PARTY-LICENSES.txt'));
  }
  await mkdir(join(root, '.cache'), { recursive: true });
  await writeFile(join(root, '.cache/bundled.json'), `${JSON.stringify(all, null, 2)}\n`);
}

/** Guards whose files have a folder of their own beside the program. */
const ownFolders = {
  'pnpm-hook': 'pnpm',
  'yarn-classic-wrapper': 'yarn-classic',
};

/**
 * Makes one `inspector.cjs` of those of npm and Yarn 1: most of it is the core, which they share.
 * @param {string} bin
 */
async function writeInspector(bin) {
  const sources = ['npm-wrapper', 'yarn-classic-wrapper'];
  await build({
    ...COMMON,
    stdin: {
      contents: sources
        .map((name) => `export * from './packages/${name}/src/inspector.ts';`)
        .join('\n'),
      resolveDir: root,
    },
    outfile: join(bin, 'inspector.cjs'),
    supported: { 'dynamic-import': false },
  });
  const forwarded = "module.exports = require('../inspector.cjs');\n";
  await writeFile(join(bin, 'yarn-classic/inspector.cjs'), forwarded);
}

/** Those of npm and of the plugin lie beside the program. */
async function copyGuards() {
  const bin = join(root, 'packages/cli/bin');
  if (!(await exists(join(bin, 'tarwarden.js')))) return;
  for (const [name, files] of Object.entries(guardFiles)) {
    const target = join(
      bin,
      Object.entries(ownFolders).find(([folder]) => folder === name)?.[1] ?? '',
    );
    await mkdir(target, { recursive: true });
    for (const file of files)
      await copyFile(join(root, 'packages', name, 'dist', file), join(target, file));
  }
  await writeInspector(bin);
  // Python loads them as they are written; nothing else may lie beside them, since their folder comes first in PYTHONPATH.
  const python = join(bin, 'pip');
  await mkdir(python);
  for (const file of [
    'sitecustomize.py',
    'tarwarden_index.py',
    'tarwarden_paths.py',
    'tarwarden_sources.py',
  ])
    await copyFile(join(root, 'packages/pip-gem-hooks/guard/pip', file), join(python, file));
  const bun = join(bin, 'bun');
  await mkdir(bun, { recursive: true });
  await copyFile(join(root, 'packages/bun-wrapper/guard/scanner.mjs'), join(bun, 'scanner.mjs'));
  const ruby = join(root, 'packages/pip-gem-hooks/guard/ruby');
  for (const file of await readdir(ruby)) await copyFile(join(ruby, file), join(bin, file));
  await chmod(join(bin, 'tarwarden.js'), 0o755);
}

// Otherwise the output of a deleted source would be packed as well.
if (process.argv.includes('--clean'))
  for (const name of await readdir(join(root, 'packages')))
    for (const output of ['dist', 'bin'])
      await rm(join(root, 'packages', name, output), { recursive: true, force: true });
// Bundles do not need the types to be right, so `--bundle-only` gives a quick build while they are not.
const isOfGuard = process.argv.includes('--guard');
if (!isOfGuard && !process.argv.includes('--bundle-only'))
  runOrExit('tsc', ['-p', 'packages/core']);
// `--guard`: the bundles that the command holds, and no more.
const wanted = bundles.filter(({ package: name }) => !isOfGuard || name !== 'server');
const built = await Promise.all(
  wanted.map(async (bundle) => [bundle.package, await bundleOne(bundle)]),
);
await writeBundled(Object.fromEntries(built));
await copyGuards();
if (!isOfGuard) await chmod(join(root, 'packages/server/bin/tarwarden-server.js'), 0o755);
for (const name of isOfGuard ? ['cli'] : ['cli', 'server'])
  execFileSync(process.execPath, ['scripts/run-ts.mjs', `scripts/man-${name}.ts`], { cwd: root });
