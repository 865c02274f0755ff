/** `canary`: the default policy rejects the archive. `clean`: every guard accepts it. */
export type TrialKind = 'canary' | 'clean';

/** An archive for a trial, and the file name that a client expects. */
export interface TrialArchive {
  readonly fileName: string;
  readonly bytes: Buffer;
}
