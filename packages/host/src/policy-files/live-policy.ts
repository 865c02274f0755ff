/*
 * The policy of a process that runs for long. Dates are compared at the time of use, and the files are read again when they have
 * changed, so that an exception or a key that has ended does not count any longer than it says.
 */
import { statSync } from 'node:fs';
import { dayOf, withoutLoosening } from '@tarwarden/core/policy';
import { readPinnedKeys, type PinnedKey } from '../signed-verdicts/index.ts';
import { approvalsPath } from './approvals.ts';
import { loadPolicy, type LoadedPolicy, type LoadPolicyOptions } from './policy-file.ts';
import { userPolicyPath } from './user-policy.ts';

/** A fixed value, or a function that returns the value for each use. */
export type Current<Value extends object> = Value | (() => Value);

/** The value at this moment. */
export function currently<Value extends object>(value: Current<Value>): Value {
  return typeof value === 'function' ? (value as () => Value)() : value;
}

/** Milliseconds between two looks at the files. */
const LOOK_EVERY = 1_000;

/** The policy as it holds now. Every use asks {@link current}, which gives the same object as long as nothing has changed. */
export class LivePolicy {
  readonly #options: Omit<LoadPolicyOptions, 'today'>;
  readonly #onWarning: (text: string) => void;
  #loaded: LoadedPolicy;
  #keys: { readonly of: LoadedPolicy; readonly keys: readonly PinnedKey[] } | undefined;
  #today: string;
  #files: string;
  #lookedAt: number;

  /**
   * Reads the policy files.
   * @param onWarning Called with each thing that a person should know, when the files are read: one line, or several of an error.
   * @throws what `loadPolicy` throws. Later nothing is thrown: see {@link current}.
   */
  constructor(options: Omit<LoadPolicyOptions, 'today'>, onWarning: (text: string) => void) {
    this.#options = options;
    this.#onWarning = onWarning;
    this.#today = dayOf(Date.now());
    this.#lookedAt = performance.now();
    const before = this.#state([]);
    this.#loaded = this.#load();
    // A file that changed while it was read is read again at the next look.
    this.#files = before === this.#state([]) ? this.#state(this.#loaded.files) : '';
  }

  /**
   * The policy now. While a changed file cannot be read or is not valid, the last policy holds without anything that loosens:
   * no exception, no lower level, and no signed verdict counts.
   */
  get current(): LoadedPolicy {
    const today = dayOf(Date.now());
    const haveFilesChanged = this.#haveFilesChanged();
    if (today === this.#today && !haveFilesChanged) return this.#loaded;
    this.#today = today;
    try {
      const before = this.#state([]);
      this.#loaded = this.#load();
      this.#files = before === this.#state([]) ? this.#state(this.#loaded.files) : '';
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#onWarning(`the policy cannot be read, so nothing in it that loosens counts: ${why}`);
      const { policy, files } = this.#loaded;
      const strict = withoutLoosening(policy, today);
      this.#loaded = { policy: strict, files, scriptNetwork: [], warnings: [] };
    }
    return this.#loaded;
  }

  /** The keys whose signatures the user believes, including keys whose last day has passed. */
  get pinnedKeys(): readonly PinnedKey[] {
    const loaded = this.current;
    if (this.#keys?.of !== loaded)
      this.#keys = { of: loaded, keys: readPinnedKeys(loaded.verdicts?.keys ?? []) };
    return this.#keys.keys;
  }

  #load(): LoadedPolicy {
    const loaded = loadPolicy({ ...this.#options, today: this.#today });
    for (const warning of loaded.warnings) this.#onWarning(warning);
    return loaded;
  }

  #haveFilesChanged(): boolean {
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_EVERY) return false;
    this.#lookedAt = now;
    const files = this.#state(this.#loaded.files);
    if (files === this.#files) return false;
    this.#files = files;
    return true;
  }

  /** Equal as long as no file has changed. */
  #state(read: readonly string[]): string {
    const { env, platform } = this.#options;
    const all = new Set([userPolicyPath(env, platform), approvalsPath(env, platform), ...read]);
    return [...all].map(fileState).join('\n');
  }
}

function fileState(path: string): string {
  try {
    const { dev, ino, size, mode, uid, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [path, dev, ino, size, mode, uid, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return `${path} ${(error as NodeJS.ErrnoException).code}`;
  }
}
