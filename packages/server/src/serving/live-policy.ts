/* The policy of a long-running process. Changed files are read again, so that an exception stops counting on its day. */
import { dayOf } from '@tarwarden/core/policy';
import {
  approvalsPath,
  fileState,
  loadPolicy,
  machinePolicyPath,
  underCurrentMachine,
  userPolicyPath,
  type LoadedPolicy,
  type LoadPolicyOptions,
} from '@tarwarden/guard';

/** A fixed value, or a function that returns the value for each use. */
export type Current<Value extends object> = Value | (() => Value);

/** The value at this moment. */
export function currently<Value extends object>(value: Current<Value>): Value {
  return typeof value === 'function' ? (value as () => Value)() : value;
}

/** Milliseconds between two checks of the files. */
const LOOK_EVERY = 1_000;
const DAY = 24 * 60 * 60_000;

/** `level`: whether the policy counts as it is written (`warn`), or cannot be read (`error`). */
type OnWarning = (text: string, level: 'warn' | 'error') => void;

/** The policy at this moment. Read {@link current} for each use; it returns the same object until something changes. */
export class LivePolicy {
  readonly #options: Omit<LoadPolicyOptions, 'today'>;
  readonly #onWarning: OnWarning;
  #loaded: LoadedPolicy;
  /** Days since 1970: comparing numbers costs less than writing a date for each use. */
  #day: number;
  #files: string;
  #lookedAt: number;
  #problem: string | undefined;

  /**
   * Reads the policy files.
   * @param onWarning Called with each warning for people when the files are read: one line, or several for an error.
   * @throws the errors of `loadPolicy`. Later nothing is thrown: see {@link current}.
   */
  constructor(options: Omit<LoadPolicyOptions, 'today'>, onWarning: OnWarning) {
    this.#options = options;
    this.#onWarning = onWarning;
    const now = Date.now();
    this.#day = Math.floor(now / DAY);
    this.#lookedAt = performance.now();
    const before = this.#state([]);
    this.#loaded = this.#load(dayOf(now));
    // A file that changed while it was being read is read again at the next check.
    this.#files = before === this.#state([]) ? this.#state(this.#loaded.files) : '';
  }

  /**
   * The current policy. While a changed file is unreadable or invalid, its last content counts, and its exceptions end on their day. The
   * file of the machine counts as it is now, also while another file is broken.
   */
  get current(): LoadedPolicy {
    const now = Date.now();
    const haveFilesChanged = this.#haveFilesChanged();
    const isSameDay = Math.floor(now / DAY) === this.#day;
    if (isSameDay && !haveFilesChanged) return this.#loaded;
    const today = dayOf(now);
    this.#day = Math.floor(now / DAY);
    try {
      const before = this.#state([]);
      this.#loaded = this.#load(today);
      this.#problem = undefined;
      this.#files = before === this.#state([]) ? this.#state(this.#loaded.files) : '';
    } catch (error) {
      this.#problem = 'the changed file cannot be used, and the policy before it counts';
      const why = error instanceof Error ? error.message : String(error);
      this.#onWarning(
        `the changed policy cannot be used, and the one before it counts: ${why}`,
        'error',
      );
      this.#loaded = this.#withoutChangedFile(today);
    }
    return this.#loaded;
  }

  /** A broken file of a user or a repository must not keep the file of the machine from being read. */
  #withoutChangedFile(today: string): LoadedPolicy {
    try {
      return underCurrentMachine(this.#loaded, { ...this.#options, today });
    } catch {
      // The file of the machine itself cannot be used. This is the problem that was reported.
      return { ...this.#loaded, policy: { ...this.#loaded.policy, today } };
    }
  }

  /** Why the last policy counts instead of the current files, in words without paths; undefined if the files are valid. */
  get problem(): string | undefined {
    void this.current;
    return this.#problem;
  }

  #load(today: string): LoadedPolicy {
    const loaded = loadPolicy({ ...this.#options, today });
    for (const warning of loaded.warnings) this.#onWarning(warning, 'warn');
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

  /** The same text until a file changes. */
  #state(read: readonly string[]): string {
    const { env, platform, userFile = userPolicyPath(env, platform) } = this.#options;
    const { machineFile = machinePolicyPath(platform) } = this.#options;
    const all = new Set([machineFile, userFile, approvalsPath(env, platform), ...read]);
    return [...all].map(fileState).join('\n');
  }
}
