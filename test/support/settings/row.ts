/**
 * What is on record of a setting. A repository can set each of these; `gain` says what that could do for somebody who
 * wants bytes on the disk that were not inspected.
 */
export type SettingClass =
  /** Changes nothing of what is fetched, unpacked or run, nor whether the guard is there. */
  | 'harmless'
  /** Runs code or a program of the repository, with the guard or without. */
  | 'runs-code'
  /** Which packages, and where their bytes come from: they are inspected all the same. */
  | 'source'
  /** Where things land, or where caches and stores are. */
  | 'placement'
  /** Whether bytes are compared with what was promised. */
  | 'integrity'
  /** Could drop, replace or blind the guard. */
  | 'guard';

export interface Row {
  /** Every name, between spaces. */
  readonly names: string;
  readonly class: SettingClass;
  /** What a repository could gain by it. */
  readonly gain: string;
  readonly stops: string;
  /** Values with which `project-settings.test.ts` of the manager tries to get a hostile package in, by name. */
  readonly tries?: Readonly<Record<string, string>>;
  /** A test of its own: `file › title`. */
  readonly test?: string;
  /** A page, with its heading, that says what is left. */
  readonly page?: string;
  /** Nothing stops it, or not all of it: what is to be done. */
  readonly open?: string;
}

export type Manager = 'npm' | 'pnpm' | 'yarn';

export const namesOf = (row: Row): string[] => row.names.trim().split(/\s+/);
