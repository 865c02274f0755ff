/*
 * The configuration that `updateConfig` has seen, for the hooks that run later. pnpm 12 runs `updateConfig` in a separate worker, which
 * leaves the session for the next worker in a file named after their parent process. The file contains credentials, as the user's
 * .npmrc does. It has mode 0600, in a folder of ours with mode 0700, and is removed when it is read.
 */
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkSettings } from '@tarwarden/guard';
import { readBounded } from '@tarwarden/guard/read-bounded';
import { entriesOf } from '@tarwarden/guard/run';
import type { Engine } from './engine.ts';
import { engineOf, inWorker } from './engine.ts';
import { inspectedMirrors } from './settings/foreign-settings.ts';
import { HookError, type Messages } from './messages.ts';
import { ownConfig } from './settings/own-config.ts';
import { ownSpecifiers, type OwnSpecifiers } from './settings/own-specifiers.ts';
import { hasOtherReadPackage } from './pnpmfiles/other-pnpmfiles.ts';
import type { PnpmConfig } from './pnpm-shapes.ts';
import { prefixOf, runFolders } from './handoff/run-folder.ts';
import type { Mirrors } from './settings/runtimes.ts';
import { networkSettings } from './settings/network-settings.ts';

export interface Session {
  readonly engine: Engine;
  readonly settings: NetworkSettings;
  readonly offline: boolean;
  /** Platforms for which pnpm installs optional packages; undefined for only this one. */
  readonly architectures: Readonly<Record<string, unknown>> | undefined;
  /** Whether pnpm installs optional packages of every platform. */
  readonly everyPlatform: boolean;
  /** The mirrors of Node in pnpm's settings, by channel. */
  readonly mirrors: Mirrors;
  /** Folders and files that the project's overrides and package extensions name. */
  readonly own?: OwnSpecifiers;
  readonly workspaces?: readonly string[];
  /** Whether other hooks change what pnpm knows of packages. */
  readonly isReshaped?: boolean;
}

export class CurrentSession {
  readonly #messages: Pick<Messages, 'warn'>;
  #current: Session | undefined;

  constructor(messages: Pick<Messages, 'warn'>) {
    this.#messages = messages;
  }

  /** Reads the configuration, and refuses one that cannot be guarded. */
  begin(config: PnpmConfig): void {
    this.#current = sessionOf(config);
    if (inWorker && !leave(this.#current))
      this.#messages.warn(
        "no folder can be written, so the project's own settings do not count for downloads: set XDG_CACHE_HOME or TMPDIR to one that can",
      );
  }

  adoptRegistries(registries: Readonly<Record<string, string>> = {}): Session {
    const { default: registry, ...scopes } = registries;
    const current = this.get();
    return (this.#current = {
      ...current,
      settings: {
        ...current.settings,
        ...(registry !== undefined && { registry }),
        scopes: { ...current.settings.scopes, ...scopes },
      },
    });
  }

  /** @throws HookError if `updateConfig` never ran, so that pnpm's version and registries are unknown. */
  get(): Session {
    if (inWorker) this.#current ??= take() ?? sessionOf(ownConfig());
    if (this.#current === undefined) {
      throw new HookError(
        'UNSUPPORTED_PNPM',
        'pnpm called a hook without having shown its configuration, so nothing can be inspected. Where each project of a workspace has a lockfile of its own, install at its root, or use `tarwarden pnpm`',
      );
    }
    return this.#current;
  }
}

function sessionOf(config: PnpmConfig): Session {
  const { packages } = config;
  return {
    engine: engineOf(config),
    settings: networkSettings(config),
    offline: config['offline'] === true,
    architectures: config['supportedArchitectures'] as Session['architectures'],
    everyPlatform: isSet(config['force']),
    mirrors: inspectedMirrors(config),
    own: ownSpecifiers(config),
    isReshaped: hasOtherReadPackage(config) || hasItems(config['ignoredOptionalDependencies']),
    ...(Array.isArray(packages) && {
      workspaces: packages.filter((pattern) => typeof pattern === 'string'),
    }),
  };
}

/** Whether pnpm may obey a flag, in whatever form it has it. */
function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

function hasItems(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

/** Leaves the session in a file for the next worker. Returns false if no folder can be written. */
function leave(value: Session): boolean {
  const name = `${prefixOf(process.ppid)}${randomUUID().replaceAll('-', '')}`;
  for (const folder of runFolders()) {
    const temporary = join(folder, `${name}.tmp`);
    try {
      writeFileSync(temporary, JSON.stringify(value), { mode: 0o600, flag: 'wx' });
      renameSync(temporary, join(folder, `${name}.json`));
      return true;
    } catch {
      // The disk is full or read-only. Try another folder.
      discard(temporary);
    }
  }
  return false;
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The disk cannot be written, so there is no file.
  }
}

/** Bytes of such a file. It holds settings, certificate authorities among them. */
const SESSION_BYTES_MAX = 64 * 1024 * 1024;

/** Reads and removes a file that was left for this pnpm. */
function take(): Session | undefined {
  const prefix = prefixOf(process.ppid);
  for (const folder of runFolders()) {
    const name = entriesOf(folder).find(
      (entry) => entry.startsWith(prefix) && entry.endsWith('.json'),
    );
    if (name !== undefined) return readSession(join(folder, name));
  }
  return undefined;
}

function readSession(file: string): Session | undefined {
  try {
    const { bytes } = readBounded(file, { bytesMax: SESSION_BYTES_MAX, follow: false });
    return JSON.parse(String(bytes)) as Session;
  } catch {
    return undefined;
  } finally {
    discard(file);
  }
}
