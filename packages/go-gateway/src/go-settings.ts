import { execFile } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Command } from '@tarwarden/guard/run';
import { isMissing } from '@tarwarden/guard';
import { readRegularFile } from '@tarwarden/guard/go';
import type { GoSettings as UserSettings } from '@tarwarden/clients/settings';

/** The settings of go: variables, `go env -w` and defaults together. */
export interface GoSettings extends UserSettings {
  /** The go.mod of the main module; empty or `/dev/null` if there is none. */
  readonly GOMOD: string;
  /** The go.work file; empty or `off` if there is none. */
  readonly GOWORK: string;
  readonly GOVERSION: string;
}

const NAMES = [
  'GOPROXY',
  'GOMODCACHE',
  'GONOPROXY',
  'GOAUTH',
  'GOMOD',
  'GOWORK',
  'GOVERSION',
] as const satisfies readonly (keyof GoSettings)[];

const SETTINGS_MS = 60_000;

/** The oldest go that asks the module proxy for everything. Before 1.22, `go get` with GO111MODULE=off fetches into GOPATH. */
const OLDEST_MINOR = 22;

/**
 * Asks go itself, with GOTOOLCHAIN=local: otherwise a `toolchain` line in go.mod would make this call download a toolchain.
 * @param folder The user's words with which go changes its folder.
 * @throws what execFile throws.
 */
export async function readGoSettings(
  command: Command,
  { folder, env }: { readonly folder: readonly string[]; readonly env: NodeJS.ProcessEnv },
): Promise<GoSettings> {
  const { stdout } = await promisify(execFile)(
    command.file,
    [...command.args, ...folder, 'env', '-json', ...NAMES],
    { env: { ...env, GOTOOLCHAIN: 'local' }, encoding: 'utf8', timeout: SETTINGS_MS },
  );
  const output = JSON.parse(stdout) as Partial<Record<keyof GoSettings, unknown>>;
  const entries = NAMES.map((name) => [name, typeof output[name] === 'string' ? output[name] : '']);
  return Object.fromEntries(entries) as GoSettings;
}

/** Whether a `GOVERSION` names a go that fetches modules only from GOPROXY. */
export function canBeGuarded(version: string): boolean {
  const minor = /^(?:devel )?go1\.(\d+)/.exec(version)?.[1];
  return minor !== undefined && Number(minor) >= OLDEST_MINOR;
}

/** The most bytes of a go.work. */
const MAX_WORK_BYTES = 64 * 1024 * 1024;

/**
 * The folders of the main modules: that of go.mod, or in a workspace those that go.work names.
 * @throws Error if go.work cannot be read.
 */
export function moduleFolders({ GOMOD, GOWORK }: Pick<GoSettings, 'GOMOD' | 'GOWORK'>): string[] {
  if (!GOWORK.endsWith('.work')) return GOMOD.endsWith('.mod') ? [dirname(GOMOD)] : [];
  return usedFolders(workspaceText(GOWORK)).map((folder) => resolve(dirname(GOWORK), folder));
}

function workspaceText(file: string): string {
  try {
    return readRegularFile(file, { bytesMax: MAX_WORK_BYTES, follow: true }).toString('utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw new Error(`${file} could not be read: ${(error as Error).message}`, { cause: error });
  }
}

/** The folders that the `use` lines of a go.work name. */
export function usedFolders(text: string): string[] {
  const folders: string[] = [];
  let inBlock = false;
  for (const line of text.split('\n')) {
    const words = line.replace(/\/\/.*$/, '').trim();
    const [, folder] = /^use\s+([^\s(].*)$/.exec(words) ?? [];
    if (folder !== undefined) folders.push(unquoted(folder));
    else if (/^use\s*\($/.test(words)) inBlock = true;
    else if (words === ')') inBlock = false;
    else if (inBlock && words !== '') folders.push(unquoted(words));
  }
  return folders;
}

function unquoted(text: string): string {
  return /^(["`])(.*)\1$/.exec(text)?.[2] ?? text;
}
