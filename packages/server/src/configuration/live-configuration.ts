/*
 * The configuration of a running server. It is read again at SIGHUP, and when its file or a file that it names changes. The new
 * configuration is applied as a whole or, if anything in it is wrong, not at all.
 */
import { isDeepStrictEqual } from 'node:util';
import { fileState } from '@tarwarden/guard';
import { configurationFiles } from './building.ts';
import type { ServerConfiguration } from './configuration.ts';

/** Milliseconds between two checks of the files. Replaced files and links of Kubernetes raise no reliable event. */
const LOOK_EVERY = 1_000;
/** Keys whose new value counts at once. All others need a restart. */
const AT_ONCE: ReadonlySet<string> = new Set(['publicUrl', 'tls', 'proxy', 'registries']);

export interface LiveOptions {
  /** The file. */
  readonly path: string;
  /** @throws Error */
  readonly read: () => ServerConfiguration;
  /** Applies a configuration as a whole. @throws Error if it cannot: nothing has changed then. */
  readonly apply: (configuration: ServerConfiguration) => void;
  readonly onReload: (report: ReloadReport) => void;
  readonly lookEvery?: number;
}

export interface ReloadReport {
  /** Why the new configuration is not used; undefined if it is. */
  readonly problem?: string;
  /** Keys whose new value counts after a restart. */
  readonly restart: readonly string[];
}

export class LiveConfiguration {
  readonly #options: LiveOptions;
  readonly #timer: NodeJS.Timeout;
  /** The configuration with which the server started. Keys that need a restart have its values. */
  readonly #first: ServerConfiguration;
  #current: ServerConfiguration;
  /** The files when they were read, and at the last check. */
  #read: string;
  #seen: string;
  #report: ReloadReport = { restart: [] };

  /** @param first The configuration that has been applied already. */
  constructor(first: ServerConfiguration, options: LiveOptions) {
    this.#options = options;
    this.#first = first;
    this.#current = first;
    this.#read = this.#seen = this.#state();
    const { lookEvery = LOOK_EVERY } = options;
    this.#timer = setInterval(() => this.#look(), lookEvery).unref();
    process.on('SIGHUP', this.reload);
  }

  /** The part of the configuration that does not count, in words; undefined if all of it counts. */
  get problem(): string | undefined {
    const { problem, restart } = this.#report;
    const changes = restart.map((key) => `the change of ${key} needs a restart`);
    const invalid =
      problem === undefined
        ? []
        : ['the changed configuration is invalid, and the one before it is used'];
    const all = [...invalid, ...changes];
    return all.length === 0 ? undefined : all.join('; ');
  }

  close(): void {
    clearInterval(this.#timer);
    process.off('SIGHUP', this.reload);
  }

  /** Reads the configuration now. */
  readonly reload = (): void => {
    this.#read = this.#seen = this.#state();
    try {
      const next = this.#options.read();
      this.#options.apply(next);
      this.#current = next;
      // The files that count may be others now.
      this.#read = this.#seen = this.#state();
      this.#report = { restart: this.#needingRestart(next) };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      this.#report = { problem, restart: this.#report.restart };
    }
    this.#options.onReload(this.#report);
  };

  /** A file may be in the middle of a change, so it is read when two checks in a row see the same. */
  #look(): void {
    const state = this.#state();
    if (state === this.#seen && state !== this.#read) return this.reload();
    this.#seen = state;
  }

  #needingRestart(next: ServerConfiguration): readonly string[] {
    const keys = (Object.keys(next) as (keyof ServerConfiguration)[]).filter(
      (key) => !AT_ONCE.has(key) && !isDeepStrictEqual(next[key], this.#first[key]),
    );
    // TLS cannot be switched on or off while the server listens.
    const isSwitched = (next.tls === undefined) !== (this.#first.tls === undefined);
    return isSwitched ? [...keys, 'tls'] : keys;
  }

  #state(): string {
    return [this.#options.path, ...configurationFiles(this.#current)].map(fileState).join('\n');
  }
}
