import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Command } from '@tarwarden/guarded-run';

/** The settings of go: variables, `go env -w` and defaults together. */
export interface GoSettings {
  readonly GOPROXY: string;
  readonly GOMODCACHE: string;
  readonly GONOPROXY: string;
  readonly GOAUTH: string;
  /** The go.mod of the main module; empty or `/dev/null` if there is none. */
  readonly GOMOD: string;
  /** The go.work file; empty or `off` if there is none. */
  readonly GOWORK: string;
  readonly GOVERSION: string;
  readonly GOFLAGS: string;
}

const NAMES = [
  'GOPROXY',
  'GOMODCACHE',
  'GONOPROXY',
  'GOAUTH',
  'GOMOD',
  'GOWORK',
  'GOVERSION',
  'GOFLAGS',
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
  const found = JSON.parse(stdout) as Partial<Record<keyof GoSettings, unknown>>;
  const all = NAMES.map((name) => [name, typeof found[name] === 'string' ? found[name] : '']);
  return Object.fromEntries(all) as GoSettings;
}

/** Whether a `GOVERSION` names a go that fetches modules only from GOPROXY. */
export function canBeGuarded(version: string): boolean {
  const minor = /^(?:devel )?go1\.(\d+)/.exec(version)?.[1];
  return minor !== undefined && Number(minor) >= OLDEST_MINOR;
}
