/**
 * Differential fuzzing of settings files. A client is asked what a random file says, and `@tarwarden/settings` reads the same
 * file in the same folder. Clients start slowly, so that one start answers for many cases where that is possible.
 */
import type { Random } from '../random.ts';

export interface SettingsCase {
  /** Texts of the files, by their path below the case's folder: `home/.npmrc`, `project/.npmrc`. */
  readonly files: Readonly<Record<string, string>>;
  /** Variables beside those that isolate the client. */
  readonly env: Readonly<Record<string, string>>;
}

/** Settings by name, as texts; or that the files are refused. */
export type Answer = Readonly<Record<string, string>> | 'refused';

/** A client, and how it is asked. */
export interface SettingsSubject {
  /** As `--client` names it: `npm-12`. */
  readonly client: string;
  readonly isAvailable: boolean;
  /** Cases that one call of `ask` gets. */
  readonly batch: number;
  /** Our reader may refuse a file that the client reads: it says so, and nothing in the file is believed. */
  readonly mayRefuse?: boolean;
  generate(random: Random): SettingsCase;
  /** The client's own answers. Each case is written to a folder, in the order of the cases. */
  ask(cases: readonly WrittenCase[]): Promise<readonly Answer[]>;
  /** The answer of `@tarwarden/settings`. */
  read(written: WrittenCase): Answer;
}

export interface WrittenCase extends SettingsCase {
  /** The case's folder: an absolute path. */
  readonly folder: string;
}
