/* Finds the verdaccio that the user has installed: by the user's settings, and never from the working directory. */
import { readFileSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { realOrSame } from '@tarwarden/host';
import { problemOfFile } from '@tarwarden/host/ownership';
import { messageOf, StartError } from './start-error.ts';

/** The major version whose start and answers are known. */
const MAJOR = 6;

export interface Verdaccio {
  readonly folder: string;
  readonly version: string;
  /** Reads a configuration as verdaccio does. */
  readonly parseConfigFile: (path: string) => unknown;
  /** A server that does not listen yet. */
  readonly runServer: (config: object) => Promise<Server>;
}

export interface FindOptions {
  /** Its folder. If absent, it is searched from the configuration and from this program. */
  readonly folder: string | undefined;
  readonly config: string;
  readonly program: string;
}

/** @throws StartError */
export function findVerdaccio({ folder, config, program }: FindOptions): Verdaccio {
  const found =
    folder === undefined ? (folderFrom(config) ?? folderFrom(program)) : realOrSame(folder);
  if (found === undefined)
    throw new StartError(
      'verdaccio is installed neither for the folder of the configuration nor beside tarwarden-server: name its folder with --verdaccio',
    );
  if (folder === undefined) refuseForeign(found);
  const { name, version } = manifestIn(found);
  if (name !== 'verdaccio' || typeof version !== 'string')
    throw new StartError(`there is no verdaccio in ${found}`);
  if (Number(version.split('.', 1)[0]) !== MAJOR)
    throw new StartError(`this is verdaccio ${version}: verdaccio ${MAJOR} can be guarded`);
  const load = createRequire(join(found, 'package.json'));
  try {
    const { runServer, parseConfigFile } = load(found) as Verdaccio;
    if (typeof runServer !== 'function' || typeof parseConfigFile !== 'function')
      throw new Error('it has neither runServer nor parseConfigFile');
    return { folder: found, version, runServer, parseConfigFile };
  } catch (cause) {
    throw new StartError(`verdaccio ${version} in ${found} cannot be loaded: ${messageOf(cause)}`, {
      cause,
    });
  }
}

function folderFrom(file: string): string | undefined {
  try {
    return dirname(createRequire(resolve(file)).resolve('verdaccio/package.json'));
  } catch {
    return undefined;
  }
}

/** In `/tmp`, anybody can put a `node_modules` above a configuration. */
function refuseForeign(found: string): void {
  const file = join(found, 'package.json');
  const problem = problemOfFile(file, statSync(file));
  if (problem === undefined) return;
  throw new StartError(
    `verdaccio is found in ${found}, but ${problem.path} ${problem.message}: name the folder with --verdaccio if it is the right one`,
  );
}

function manifestIn(folder: string): { readonly name?: unknown; readonly version?: unknown } {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object;
  } catch (cause) {
    throw new StartError(`there is no verdaccio in ${folder}`, { cause });
  }
}
