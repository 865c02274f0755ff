/* Whether pnpm would load the hook for this project: as a config dependency, or through the pnpmfile that it loads. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { asRecord } from '@tarwarden/host/settings-files';
import { loadPnpmfile } from './loaded.ts';
import type { Add } from './problems.ts';
import type { Settings } from './read-settings.ts';

/** The published pnpmfile.cjs, byte for byte: pnpm keeps its checksum in every lockfile, so that it never changes. */
export const SHIM = "module.exports = require('./dist/index.cjs')\n";
const PLUGIN = 'pnpm-plugin-tarwarden';

const CONFIG_FOLDER = 'node_modules/.pnpm-config';

export interface Project {
  readonly directory: string;
  readonly workspace: Settings;
  /** The pnpm that package.json names; undefined where it names none. */
  readonly major: string | undefined;
  /** Settings of all files and variables that name a pnpmfile, by where they are. */
  readonly pnpmfiles: readonly { readonly file: string; readonly value: unknown }[];
}

type Loading = Pick<Project, 'directory' | 'major'>;

/** Either the plugin is a config dependency, or the pnpmfile that pnpm loads hands on the hook's own functions. */
export function checkReach(project: Project, add: Add): void {
  if (isConfigDependency(project)) checkPlugin(project, add);
  else checkPnpmfile(project, add);
}

/** All versions read them from pnpm-workspace.yaml. In package.json, only pnpm 10 does. */
function isConfigDependency({ workspace }: Project): boolean {
  return Object.hasOwn(asRecord(workspace['configDependencies']), PLUGIN);
}

function checkPlugin({ directory, major }: Project, add: Add): void {
  // Before the first install there is nothing to look at: pnpm brings it in before anything else.
  if (!existsSync(join(directory, CONFIG_FOLDER))) return;
  const folder = join(CONFIG_FOLDER, PLUGIN);
  const shim = join(folder, 'pnpmfile.cjs');
  if (!existsSync(join(directory, shim)))
    add('hook-missing', shim, `${PLUGIN} is a config dependency and is not installed`);
  else if (readFileSync(join(directory, shim), 'utf8') !== SHIM)
    add('shim-changed', shim, 'it is not the line that was published');
  else checkLoads({ directory, major, file: shim }, add);
}

function checkPnpmfile({ directory, major, pnpmfiles }: Project, add: Add): void {
  const named = pnpmfiles.filter(({ value }) => value !== undefined && value !== null);
  if (named.length > 0) {
    const files = named.flatMap(({ value }) =>
      (Array.isArray(value) ? value : [value]).map(String),
    );
    const found = files.some((file) => holdsGuard({ directory, major }, resolve(directory, file)));
    const [first] = named;
    if (!found)
      add(
        'pnpmfile-replaced',
        first?.file ?? '',
        'a setting names another pnpmfile, which is not the hook',
      );
    return;
  }
  const file = ['.pnpmfile.mjs', '.pnpmfile.cjs'].find((one) => existsSync(join(directory, one)));
  if (file === undefined) {
    add(
      'hook-missing',
      '.pnpmfile.cjs',
      `neither is ${PLUGIN} a config dependency, nor does a pnpmfile hand on the hook`,
    );
  } else checkLoads({ directory, major, file }, add);
}

function checkLoads(
  { directory, major, file }: Loading & { readonly file: string },
  add: Add,
): void {
  const loaded = loadPnpmfile(join(directory, file), { directory, major });
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

function holdsGuard(where: Loading, file: string): boolean {
  const loaded = loadPnpmfile(file, where);
  return (
    loaded.error === undefined &&
    loaded.fetchers === true &&
    isGuard([...(loaded.ours ?? []), ...(loaded.complete === true ? [file] : [])])
  );
}

/** The hook names itself in its text; whoever can change that file can change anything. */
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
