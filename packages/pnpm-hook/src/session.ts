/*
 * What `updateConfig` learned, for the hooks that run later. pnpm 12 runs `updateConfig` in a worker of its own: what
 * it learned goes to the other workers of the same pnpm through a file of their parent's number. It holds credentials,
 * as the user's .npmrc does: 0600 in a 0700 folder of ours, and removed when a worker ends.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  cacheDirectory,
  isPrivateDirectory,
  makePrivateDirectory,
  type NetworkSettings,
} from '@tarwarden/core/host';
import type { Engine } from './engine.ts';
import { engineOf, inWorker } from './engine.ts';
import { HookError } from './messages.ts';
import { ownConfig } from './own-config.ts';
import type { PnpmConfig } from './pnpm-shapes.ts';
import { networkSettings } from './settings.ts';

export interface Session {
  readonly engine: Engine;
  readonly settings: NetworkSettings;
  readonly offline: boolean;
  /** Platforms that pnpm installs optional packages for; undefined: this one alone. */
  readonly architectures: Readonly<Record<string, unknown>> | undefined;
  /** Optional packages of every platform are installed. */
  readonly everyPlatform: boolean;
}

const FILES_MAX = 256;

let current: Session | undefined;

/** Learns from the configuration, and refuses an engine that cannot be guarded. */
export function beginSession(config: PnpmConfig): void {
  current = sessionOf(config);
  if (inWorker) leave(current);
}

function sessionOf(config: PnpmConfig): Session {
  return {
    engine: engineOf(config),
    settings: networkSettings(config),
    offline: config['offline'] === true,
    architectures: config['supportedArchitectures'] as Session['architectures'],
    everyPlatform: config['force'] === true,
  };
}

/** The registries that pnpm resolves with. */
export function adoptRegistries(registries: Readonly<Record<string, string>> = {}): void {
  const { default: registry, ...scopes } = registries;
  const now = session();
  current = {
    ...now,
    settings: {
      ...now.settings,
      ...(registry !== undefined && { registry }),
      scopes: { ...now.settings.scopes, ...scopes },
    },
  };
}

/** @throws HookError when `updateConfig` never ran: then neither pnpm's version nor its registries are known. */
export function session(): Session {
  if (inWorker) current ??= take() ?? sessionOf(ownConfig());
  if (current === undefined) {
    throw new HookError(
      'UNSUPPORTED_PNPM',
      'pnpm called a hook without having shown its configuration, so nothing can be judged',
    );
  }
  return current;
}

function folder(): string {
  return join(cacheDirectory(process.env), 'run');
}

function file(pid: number): string {
  return join(folder(), `pnpm-${pid}.json`);
}

function leave(value: Session): void {
  if (!makePrivateDirectory(folder())) return;
  sweep();
  const temporary = `${file(process.ppid)}.${randomBytes(6).toString('hex')}`;
  writeFileSync(temporary, JSON.stringify(value), { mode: 0o600, flag: 'wx' });
  renameSync(temporary, file(process.ppid));
}

function take(): Session | undefined {
  if (!isPrivateDirectory(folder())) return undefined;
  let fd: number | undefined;
  try {
    fd = openSync(file(process.ppid), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    const stat = fstatSync(fd);
    if (!stat.isFile() || (process.getuid !== undefined && stat.uid !== process.getuid())) return;
    const value = JSON.parse(readFileSync(fd, 'utf8')) as Session;
    process.once('exit', () => rmSync(file(process.ppid), { force: true }));
    return value;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Removes what pnpm processes left that are no more. */
function sweep(): void {
  for (const name of readdirSync(folder()).slice(0, FILES_MAX)) {
    const pid = Number(/^pnpm-(\d+)\.json/.exec(name)?.[1] ?? NaN);
    if (!Number.isNaN(pid) && !alive(pid)) rmSync(join(folder(), name), { force: true });
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
