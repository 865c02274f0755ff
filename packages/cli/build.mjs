import { copyFileSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Leaves out what the core can do and no command does yet (fetching from a registry is 1.2 MB), and puts the policy's
 * JSON schema and the pages of the rules beside the program, so that they are published with it.
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {import('esbuild').BuildOptions}
 */
export function esbuildOptions(defaults) {
  const { absWorkingDir = '.', outdir = '.', external = [] } = defaults;
  const schema = 'tarwarden.schema.json';
  copyFileSync(join(absWorkingDir, 'schema', schema), join(outdir, schema));
  const pages = join(outdir, 'rules');
  rmSync(pages, { recursive: true, force: true });
  cpSync(join(absWorkingDir, 'docs/rules'), pages, {
    recursive: true,
    filter: (file) => !file.endsWith('README.md'),
  });
  return { ...defaults, external: [...external, 'npm-registry-fetch'] };
}
