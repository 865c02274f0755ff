// `bin/`: the command, and the programs of its threads.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOptions } from '../../scripts/command-bundle.mjs';

const folder = import.meta.dirname;

/**
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {import('esbuild').BuildOptions}
 */
export function esbuildOptions(defaults) {
  const { absWorkingDir = '.', outdir = '.' } = defaults;
  // For editors.
  const schema = 'tarwarden-server.schema.json';
  copyFileSync(join(absWorkingDir, 'schema', schema), join(outdir, schema));
  return commandOptions(defaults, {
    programs: {
      'inspection-thread': join(folder, 'src/threads/inspection-thread.ts'),
      'document-thread': join(folder, 'src/threads/document-thread.ts'),
    },
  });
}
