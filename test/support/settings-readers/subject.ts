/** Settings files that a client and `@tarwarden/clients/settings` both read. */

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
  /** The client's own answers, in the order of the cases. */
  ask(cases: readonly WrittenCase[]): Promise<readonly Answer[]>;
  /** The answer of `@tarwarden/clients/settings`. */
  read(written: WrittenCase): Answer;
}

export interface WrittenCase extends SettingsCase {
  /** The case's folder: an absolute path. */
  readonly folder: string;
}
