// The scripts share this: where the workspace is, and how its tools are run.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { delimiter, dirname, join } from 'node:path';

/** The repository's root, an absolute path without a trailing slash. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The specifiers by which packages import each other, with absolute paths of source files: `exports` and `imports` of each package.json that
 * name a file in `src`. Bundlers and tests use it in copies of the repository too, whose node_modules lead to the original.
 * @type {Readonly<Record<string, string>>}
 */
export const packageSources = Object.fromEntries(
  readdirSync(join(root, 'packages')).flatMap((folder) => {
    const manifest = JSON.parse(
      readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'),
    );
    const exported = Object.entries(manifest.exports ?? {}).map(([path, file]) => [
      `@tarwarden/${folder}${path.slice(1)}`,
      file,
    ]);
    return [...exported, ...Object.entries(manifest.imports ?? {})]
      .filter(([, file]) => file.startsWith('./src/'))
      .map(([specifier, file]) => [specifier, join(root, 'packages', folder, file)]);
  }),
);

/** Where commands are looked for: the packages of the root, and the tools of scripts/. */
const bins = ['node_modules/.bin', 'scripts/node_modules/.bin'].map((path) => join(root, path));

/**
 * Runs a script of this folder, or a command of an installed package, its output going to ours.
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {number} The exit code; 1 when the command was ended by a signal.
 */
export function run(name, args) {
  const options = /** @type {const} */ ({ cwd: root, stdio: 'inherit' });
  const result = name.endsWith('.mjs')
    ? spawnSync(process.execPath, [join(root, 'scripts', name), ...args], options)
    : spawnSync(join(bins.find((bin) => existsSync(join(bin, name))) ?? '', name), args, {
        ...options,
        // oxlint looks there for the program that knows types.
        env: { ...process.env, PATH: [...bins, process.env['PATH']].join(delimiter) },
        shell: process.platform === 'win32',
      });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 */
export function runOrExit(name, args) {
  const code = run(name, args);
  if (code !== 0) process.exit(code);
}
