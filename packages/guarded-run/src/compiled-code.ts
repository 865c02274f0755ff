/*
 * Compiled code that clients keep between runs. npm, pnpm and corepack have Node keep it in the temporary folder, by a name that
 * others can take first (`module.enableCompileCache()`, from Node 22 on); corepack on Node 20 uses v8-compile-cache. What is found
 * there is run if a checksum says that it is of the same source, and whoever wrote it wrote the checksum.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { isPrivateDirectory } from '@tarwarden/host/cache-directory';
import { mayBeCommitted } from '@tarwarden/host/committed';
import { problemOfPlace } from '@tarwarden/host/ownership';

/** Variables with which a client, and what it starts, uses no compiled code that another user or a repository could have left. */
export interface CompiledCodeVariables {
  readonly DISABLE_V8_COMPILE_CACHE?: '1';
  readonly NODE_DISABLE_COMPILE_CACHE?: '1';
}

const NONE: CompiledCodeVariables = {
  DISABLE_V8_COMPILE_CACHE: '1',
  NODE_DISABLE_COMPILE_CACHE: '1',
};

/**
 * Node's own cache stays on where its folder is ours alone, and is made so where there is none: it is a tenth of a client's start.
 * What is confined has a temporary folder of its own for each run, where scripts of packages write as well.
 */
export function compiledCodeVariables(
  env: NodeJS.ProcessEnv,
  isConfined = false,
): CompiledCodeVariables {
  if (isConfined) return NONE;
  // The profile's own rights hold on Windows.
  if (process.getuid === undefined) return {};
  const isDecided = isSet(env['NODE_COMPILE_CACHE']) || isSet(env['NODE_DISABLE_COMPILE_CACHE']);
  if (!isDecided && !isOwnCache(temporaryFolder(env))) return NONE;
  return { DISABLE_V8_COMPILE_CACHE: '1' };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/** As `os.tmpdir()` has it in a process with this environment. */
function temporaryFolder({ TMPDIR, TMP, TEMP }: NodeJS.ProcessEnv): string {
  return [TMPDIR, TMP, TEMP].find(isSet) ?? '/tmp';
}

function isOwnCache(temporary: string): boolean {
  const folder = join(temporary, 'node-compile-cache');
  try {
    if (problemOfPlace(temporary) !== undefined) return false;
    if (mayBeCommitted(folder, process.cwd())) return false;
    make(folder);
    // A folder for each version of Node.
    return [folder, ...readdirSync(folder).map((name) => join(folder, name))].every(
      isPrivateDirectory,
    );
  } catch {
    return false;
  }
}

/** Not for a Node that would keep nothing there. */
function make(folder: string): void {
  if (!('enableCompileCache' in nodeModule)) return;
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
