// `bin/`: the command, the programs of its threads, and the page of `sweep board`.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { commandOptions } from '../../scripts/command-bundle.mjs';

const folder = import.meta.dirname;

/** Files of Bull Board's page that are put beside the program: of its languages, English alone. */
const BOARD_FILE = /^(?:index\.ejs|static\/(?!locales\/).+|static\/locales\/en-US\/.+)$/;

/**
 * The page of `sweep board`, packed.
 * @param {string} target
 */
function writeBoard(target) {
  const manifest = createRequire(join(folder, 'package.json')).resolve(
    '@bull-board/ui/package.json',
  );
  const source = join(dirname(manifest), 'dist');
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
 * @param {import('esbuild').BuildOptions} defaults
 * @returns {import('esbuild').BuildOptions}
 */
export function esbuildOptions(defaults) {
  const { absWorkingDir = '.', outdir = '.' } = defaults;
  // For editors.
  const schema = 'tarwarden-server.schema.json';
  copyFileSync(join(absWorkingDir, 'schema', schema), join(outdir, schema));
  writeBoard(join(outdir, 'board'));
  return {
    ...commandOptions(defaults, {
      programs: {
        'inspection-thread': join(folder, 'src/threads/inspection-thread.ts'),
        'document-thread': join(folder, 'src/threads/document-thread.ts'),
      },
    }),
    // Bull Board looks for its page in this way, unless it is given.
    logOverride: { 'direct-eval': 'silent' },
  };
}
