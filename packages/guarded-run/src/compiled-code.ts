/*
 * Compiled code that clients keep between runs. npm, pnpm and corepack make Node keep it in the temporary folder, under a name that
 * another user can create first (`module.enableCompileCache()`, from Node 22 on). corepack on Node 20 uses v8-compile-cache. Node runs
 * that code if its checksum matches the source, but whoever planted the file also wrote the checksum.
 */
import { mkdirSync, readdirSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { join } from 'node:path';
import { isPrivateDirectory } from '@tarwarden/host/cache-directory';
import { problemOfPlace } from '@tarwarden/host/ownership';
import { NO_COMPILED_CODE } from './no-compiled-code.ts';

/** Variables that keep a client and its children from compiled code that another user could have planted. */
export interface CompiledCodeVariables {
  readonly DISABLE_V8_COMPILE_CACHE?: '1';
  readonly NODE_DISABLE_COMPILE_CACHE?: '1';
}

/**
 * Node's own cache saves a tenth of a client's start. It stays on if its folder belongs only to this user; a missing folder is made so.
 * A confined client gets no cache, because scripts of packages can write to its temporary folder.
 */
export function compiledCodeVariables(
  env: NodeJS.ProcessEnv,
  isConfined = false,
): CompiledCodeVariables {
  if (isConfined) return NO_COMPILED_CODE;
  // On Windows the temporary folder is part of the user's profile.
  if (process.getuid === undefined) return {};
  const isDecided = isSet(env['NODE_COMPILE_CACHE']) || isSet(env['NODE_DISABLE_COMPILE_CACHE']);
  if (!isDecided && !isOwnCache(temporaryFolder(env))) return NO_COMPILED_CODE;
  return { DISABLE_V8_COMPILE_CACHE: '1' };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

/** The same as `os.tmpdir()` in a process with this environment. */
function temporaryFolder({ TMPDIR, TMP, TEMP }: NodeJS.ProcessEnv): string {
  return [TMPDIR, TMP, TEMP].find(isSet) ?? '/tmp';
}

function isOwnCache(temporary: string): boolean {
  const folder = join(temporary, 'node-compile-cache');
  try {
    if (problemOfPlace(temporary) !== undefined) return false;
    make(folder);
    // A folder for each version of Node.
    return [folder, ...readdirSync(folder).map((name) => join(folder, name))].every(
      isPrivateDirectory,
    );
  } catch {
    return false;
  }
}

/** Makes the folder, unless this Node would not use it. */
function make(folder: string): void {
  if (!('enableCompileCache' in nodeModule)) return;
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
