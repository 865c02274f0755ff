/** An archive for a trial, and the name of the file that a client expects it in. */
export interface TrialArchive {
  readonly fileName: string;
  readonly bytes: Buffer;
}
