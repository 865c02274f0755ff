/* Checks whether pnpm would load the hook for this project: as a config dependency, or through a pnpmfile. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PnpmLoading } from '@tarwarden/settings';
import { loadPnpmfile } from './loaded.ts';
import type { AddProblem } from './problems.ts';

/** The published pnpmfile.cjs, byte for byte. It never changes, because pnpm writes its checksum into every lockfile. */
export const SHIM = "module.exports = require('./dist/index.cjs')\n";
const PLUGIN = 'pnpm-plugin-tarwarden';

const CONFIG_FOLDER = 'node_modules/.pnpm-config';

interface Project {
  readonly directory: string;
  /** The major version of pnpm in package.json; undefined if there is none. */
  readonly major: string | undefined;
}

/** For every pnpm that may run, the plugin must be a config dependency, or a loaded pnpmfile must export the hook's own functions. */
export function checkReach(
  loadings: readonly PnpmLoading[],
  project: Project,
  add: AddProblem,
): void {
  const isPlugin = ({ configDependencies }: PnpmLoading): boolean =>
    configDependencies.includes(PLUGIN);
  if (loadings.some(isPlugin)) checkPlugin(project, add);
  const others = loadings.filter((loading) => !isPlugin(loading));
  const different = new Map(others.map((loading) => [loading.pnpmfiles.join('\n'), loading]));
  for (const loading of different.values()) checkPnpmfile(loading, project, add);
}

function checkPlugin({ directory, major }: Project, add: AddProblem): void {
  // Before the first install there is nothing to check: pnpm installs the plugin before anything else.
  if (!existsSync(join(directory, CONFIG_FOLDER))) return;
  const shim = join(directory, CONFIG_FOLDER, PLUGIN, 'pnpmfile.cjs');
  if (!existsSync(shim))
    add('hook-missing', shim, `${PLUGIN} is a config dependency and is not installed`);
  else if (readFileSync(shim, 'utf8') !== SHIM)
    add('shim-changed', shim, 'it is not the line that was published');
  else checkLoads(shim, { directory, major }, add);
}

function checkPnpmfile(
  { folder, pnpmfiles, namedBy }: PnpmLoading,
  project: Project,
  add: AddProblem,
): void {
  const [first] = pnpmfiles;
  if (namedBy !== undefined) {
    if (!pnpmfiles.some((file) => holdsGuard(file, project)))
      add('pnpmfile-replaced', namedBy, 'a setting names another pnpmfile, which is not the hook');
  } else if (first === undefined) {
    add(
      'hook-missing',
      join(folder, '.pnpmfile.cjs'),
      `neither is ${PLUGIN} a config dependency, nor does a pnpmfile hand on the hook`,
    );
  } else checkLoads(first, project, add);
}

function checkLoads(file: string, project: Project, add: AddProblem): void {
  const loaded = loadPnpmfile(file, project);
  if (loaded.error !== undefined) {
    add('hook-unreachable', file, `it cannot be loaded: ${loaded.error}`);
  } else if (!isGuard(loaded.ours ?? [])) {
    add(
      'hook-missing',
      file,
      loaded.complete === true
        ? 'it has hooks of its own instead of those of tarwarden, which a spread of both does: use compose() of tarwarden, which calls both'
        : 'what it exports does not hold the hooks of tarwarden',
    );
  } else if (loaded.fetchers !== true) {
    add('hook-missing', file, 'it exports the hooks of tarwarden without its fetchers');
  }
}

function holdsGuard(file: string, project: Project): boolean {
  const loaded = loadPnpmfile(file, project);
  return (
    loaded.error === undefined &&
    loaded.fetchers === true &&
    isGuard([...(loaded.ours ?? []), ...(loaded.complete === true ? [file] : [])])
  );
}

/** Whether one of the files is the hook, by its text. A program that can fake that file can change anything. */
function isGuard(files: readonly string[]): boolean {
  return files.some((file) => {
    try {
      const text = readFileSync(file, 'utf8');
      return text.includes('ERR_PNPM_TARWARDEN_') && text.includes('preResolution');
    } catch {
      return false;
    }
  });
}
