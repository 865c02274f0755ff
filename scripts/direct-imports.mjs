// Imports each name from the file that declares it. esbuild splits by file: a file that imports one name of an index would load all that the index exports.

import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { packageSources } from './workspace.mjs';

const REEXPORT = /^export \{([^}]*)\} from '([^']+)';$/gm;
const IMPORT = /^import \{([^}]*)\} from '([^']+)';$/gm;
const COMMENT = /\/\*[^]*?\*\/|\/\/.*$/gm;

/** @typedef {{ readonly file: string, readonly name: string }} Declared */

/** @type {Map<string, ReadonlyMap<string, Declared> | undefined>} */
const indexes = new Map();

/**
 * The names of a list between braces, without types.
 * @param {string} list
 * @returns {[name: string, local: string][]}
 */
function valuesIn(list) {
  const names = list.split(',').map((name) => name.trim());
  return names
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => {
      const [imported = '', local = imported] = name.split(' as ');
      return [imported, local];
    });
}

/**
 * @param {string} specifier
 * @param {string} from
 */
function sourceOf(specifier, from) {
  const file = packageSources[specifier] ?? resolve(dirname(from), specifier);
  return file.endsWith('.ts') && existsSync(file) ? file : undefined;
}

/**
 * Where the values of an index are declared. Undefined for a file that holds anything but such exports.
 * @param {string} file
 * @returns {ReadonlyMap<string, Declared> | undefined}
 */
function indexOf(file) {
  if (indexes.has(file)) return indexes.get(file);
  const text = readFileSync(file, 'utf8').replaceAll(COMMENT, '');
  const rest = text.replaceAll(REEXPORT, '').replaceAll(/^export type [^]*?;$/gm, '');
  const found = rest.trim() === '' ? new Map() : undefined;
  for (const [, list = '', specifier = ''] of found === undefined ? [] : text.matchAll(REEXPORT)) {
    const source = sourceOf(specifier, file);
    for (const [name, exported] of valuesIn(list))
      if (source !== undefined) found?.set(exported, declared(source, name));
  }
  indexes.set(file, found);
  return found;
}

/**
 * @param {string} file
 * @param {string} name
 * @returns {Declared}
 */
function declared(file, name) {
  return indexOf(file)?.get(name) ?? { file, name };
}

/** @type {import('esbuild').Plugin} */
export const directImports = {
  name: 'direct-imports',
  setup(build) {
    build.onLoad({ filter: /[\\/]packages[\\/][\w-]+[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replaceAll(IMPORT, (all, list, specifier) => {
        const source = sourceOf(specifier, path);
        if (source === undefined || indexOf(source) === undefined) return all;
        const lines = valuesIn(list).map(([name, local]) => {
          const target = declared(source, name);
          return `import { ${target.name} as ${local} } from ${JSON.stringify(target.file)};`;
        });
        // The rest of the file keeps its line numbers.
        return lines.join(' ') + '\n'.repeat(all.split('\n').length - 1);
      });
      return { contents, loader: 'ts' };
    });
  },
};
