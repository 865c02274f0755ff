// `bin/`: the command and the programs of its threads, with the policy's JSON schema, the pages of the rules and the advisory records.

import { copyFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOptions } from '../../scripts/command-bundle.mjs';

/** Programs that threads run. */
const THREADS = {
  'audit-thread': 'src/archives/inspection-thread.ts',
  'seal-thread': 'src/commands/seal/thread.ts',
  'bun-thread': 'src/commands/clients/bun-thread.ts',
};

/**
 * The CommonJS files of jsonc-parser require its parts in a way that no bundler sees, so the parts would be missing.
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

/**
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {Promise<import('esbuild').BuildOptions>}
 */
export async function esbuildOptions(defaults) {
  const { absWorkingDir = '.', outdir = '.' } = defaults;
  const schema = 'tarwarden.schema.json';
  copyFileSync(join(absWorkingDir, 'schema', schema), join(outdir, schema));
  cpSync(join(absWorkingDir, 'docs/rules'), join(outdir, 'rules'), {
    recursive: true,
    filter: (file) => !file.endsWith('README.md'),
  });
  writeAdvisories(join(absWorkingDir, 'data/advisories'), join(outdir, 'advisories.json'));
  const threads = Object.entries(THREADS).map(([name, file]) => [
    name,
    join(import.meta.dirname, file),
  ]);
  // The files of a command keep their names, `commands/scan/run.js`, so that readers of the release find them.
  const source = join(import.meta.dirname, 'src/commands');
  const commands = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => ['definition', 'run'].map((file) => `${name}/${file}`))
    .map((path) => [`commands/${path}`, join(source, `${path}.ts`)]);
  return commandOptions(defaults, {
    programs: Object.fromEntries([...threads, ...commands]),
    plugins: [jsoncParser],
  });
}
