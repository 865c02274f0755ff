// Runs a TypeScript file of this repository on Node 20, which cannot: `run-ts.mjs FILE [ARG…]`.
// Workspace packages are taken from their sources. In the file and all that it imports,
// `import.meta.url` is the file's own.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { packageSources, root } from './workspace.mjs';

const [file, ...rest] = process.argv.slice(2);
if (!file) {
  console.error('usage: run-ts.mjs FILE [ARG…]');
  process.exit(2);
}
const entry = resolve(file);
const inside = relative(root, entry);
if (inside.startsWith('..') || isAbsolute(inside)) {
  console.error(`run-ts.mjs: ${file} is not in this repository`);
  process.exit(2);
}

// Under the node_modules of the package that the file belongs to, so that the npm packages left out resolve.
const output = join(packageFolder(entry), 'node_modules/.cache/run-ts', `${process.pid}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: [entry],
  outfile: output,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // The CommonJS file of jsonc-parser cannot be bundled.
  mainFields: ['module', 'main'],
  sourcemap: 'inline',
  logLevel: 'warning',
  alias: packageSources,
  plugins: [
    { name: 'root-packages', setup: leaveRootPackagesOut },
    { name: 'own-url', setup: keepOwnUrls },
  ],
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      'const require = __createRequire(import.meta.url);',
    ].join('\n'),
  },
});
process.on('exit', () => rmSync(output, { force: true }));
process.argv = [process.argv[0] ?? 'node', entry, ...rest];
await import(pathToFileURL(output).href);

/** @param {string} file */
function packageFolder(file) {
  let folder = dirname(file);
  while (folder !== root && !existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/**
 * The file's own imports are dependencies of the root. Imports of workspace packages are not, so they are bundled.
 * @param {import('esbuild').PluginBuild} plugin
 */
function leaveRootPackagesOut(plugin) {
  const bundled = [join(root, 'packages') + sep, `${sep}node_modules${sep}`];
  plugin.onResolve({ filter: /^[^./]/ }, ({ importer, path }) => {
    if (importer === '' || isAbsolute(path) || path in packageSources) return undefined;
    return bundled.some((part) => importer.includes(part)) ? undefined : { path, external: true };
  });
}

/**
 * A bundle has one address; each file keeps its own.
 * @param {import('esbuild').PluginBuild} plugin
 */
function keepOwnUrls(plugin) {
  plugin.onLoad({ filter: /\.(?:ts|mjs)$/ }, ({ path }) => {
    if (path.includes(`${sep}node_modules${sep}`)) return undefined;
    const url = JSON.stringify(pathToFileURL(path).href);
    return {
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', url),
      loader: path.endsWith('.ts') ? 'ts' : 'js',
    };
  });
}
