/*
 * Modules that must not come from a proxy: `direct` in GOPROXY, and private modules. A second go fetches them from their origin into
 * its own module cache. So the guard inspects the zip before the go of the run gets it.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from '@tarwarden/guard/run';
import { ByteBudget, TooLargeError } from '@tarwarden/guard';
import {
  escapePath,
  TOOLCHAIN,
  type ChildPrograms,
  type ModuleProxyAnswer,
  type ModuleRequest,
} from '@tarwarden/guard/go';

/** Time for one module, because a large repository may have to be cloned. Milliseconds. */
const FETCH_MS = 30 * 60_000;
const MAX_OUTPUT = 16 * 1024 * 1024;
/** Lines of an error that are passed on. go shows 8. */
const SHOWN_LINES = 6;
/** The most modules that are fetched at a time. */
const AT_ONCE = 4;

/** A private folder, made when something is fetched. */
type FolderOf = () => string;

export interface DirectOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly folder: FolderOf;
  readonly children: ChildPrograms;
}

export class DirectModules {
  readonly #command: Command;
  readonly #env: NodeJS.ProcessEnv;
  readonly #folder: FolderOf;
  readonly #children: ChildPrograms;
  readonly #turns = new ByteBudget(AT_ONCE);

  constructor(command: Command, { env, folder, children }: DirectOptions) {
    this.#command = command;
    this.#env = env;
    this.#folder = folder;
    this.#children = children;
  }

  /**
   * The files of a module at its origin, as a module proxy would send them.
   * @throws TooLargeError for a zip of more than `bytesMax` bytes.
   */
  async get(request: ModuleRequest, bytesMax: number): Promise<ModuleProxyAnswer> {
    const { path } = request;
    const source = `direct:${path}`;
    try {
      const body = await this.#fetch(request, bytesMax);
      return { status: 200, body, source };
    } catch (error) {
      if (error instanceof TooLargeError) throw error;
      return { status: 404, body: Buffer.from(errorText(error)), source };
    }
  }

  /** The version of a branch, a tag or a commit; the error if go finds none. */
  async find(path: string, query: string): Promise<string | Error> {
    try {
      return String((await this.#go(['list', '-m', '-json', `${path}@${query}`]))['Version']);
    } catch (error) {
      return new Error(errorText(error));
    }
  }

  async #fetch(request: ModuleRequest, bytesMax: number): Promise<Buffer> {
    const { kind, path } = request;
    if (kind === 'zip') {
      const moduleInfo = await this.#go(['mod', 'download', '-json', `${path}@${request.version}`]);
      const file = String(moduleInfo['Zip']);
      if ((await stat(file)).size > bytesMax) throw TooLargeError.read(bytesMax);
      return readFile(file);
    }
    if (kind === 'list') {
      // Proxies list retracted versions too. go needs them to find a version that retracts itself.
      const moduleInfo = await this.#go([
        'list',
        '-m',
        '-retracted',
        '-versions',
        '-json',
        `${path}@latest`,
      ]);
      const versions = Array.isArray(moduleInfo['Versions'])
        ? moduleInfo['Versions'].map(String)
        : [];
      return Buffer.from(versions.map((version) => `${version}\n`).join(''));
    }
    const version = 'version' in request ? request.version : 'latest';
    const moduleInfo = await this.#go(['list', '-m', '-json', `${path}@${version}`]);
    if (kind === 'mod') return readFile(String(moduleInfo['GoMod']));
    const info = this.#cached(path, `${escapePath(String(moduleInfo['Version']))}.info`);
    if (existsSync(info)) return readFile(info);
    return Buffer.from(
      JSON.stringify({ Version: moduleInfo['Version'], Time: moduleInfo['Time'] }),
    );
  }

  #cached(path: string, file: string): string {
    return join(this.#folder(), 'mod', 'cache', 'download', escapePath(path), '@v', file);
  }

  async #go(args: readonly string[]): Promise<Record<string, unknown>> {
    const turn = this.#turns.share();
    try {
      await turn.take(1);
      return await this.#start(args);
    } finally {
      turn.release();
    }
  }

  async #start(args: readonly string[]): Promise<Record<string, unknown>> {
    const { file, args: commandArgs } = this.#command;
    const folder = this.#folder();
    const cwd = join(folder, 'work');
    if (!existsSync(cwd)) {
      mkdirSync(cwd, { recursive: true });
      // Without this file, go would use a go.mod in a folder above, of the project or of somebody else.
      writeFileSync(join(cwd, 'go.mod'), 'module tarwarden.invalid/work\n');
    }
    const env = {
      ...this.#env,
      GOPROXY: 'direct',
      GOMODCACHE: join(folder, 'mod'),
      // Makes the cache removable. Other flags are about builds, or name files of the project.
      GOFLAGS: '-modcacherw',
      GO111MODULE: 'on',
      GOWORK: 'off',
      // Never use a go of the module cache, because any program that can write there could have replaced it.
      GOTOOLCHAIN: 'local',
      // The go of the run checks the modules that it gets from us. But go does not fetch a toolchain without the database.
      ...(!args.at(-1)!.startsWith(`${TOOLCHAIN}@`) && { GOSUMDB: 'off' }),
    };
    const options = { cwd, env, timeout: FETCH_MS, maxOutput: MAX_OUTPUT, group: true };
    const { code, stdout, stderr } = await this.#children.run(
      file,
      [...commandArgs, ...args],
      options,
    );
    const output = parse(stdout);
    if (code === 0 && output !== undefined) return output;
    throw new FetchError(stringOrEmpty(output?.['Error']) || stderr);
  }
}

function stringOrEmpty(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** go could not fetch a module. The message is go's. */
class FetchError extends Error {
  readonly code = 'NOT_FETCHED';
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function errorText(error: unknown): string {
  const lines = (error as Error).message.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(0, SHOWN_LINES).join('\n');
}
