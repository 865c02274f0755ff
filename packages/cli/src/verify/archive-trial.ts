import type { Format } from '@tarwarden/core';

export interface TrialArchive {
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** How a client is had to install one archive in a folder of its own. */
export interface ArchiveTrial {
  readonly format: Format;
  readonly canary: (name: string) => TrialArchive;
  readonly clean: (name: string) => TrialArchive;
  readonly write: (into: {
    readonly project: string;
    readonly name: string;
    readonly archive: TrialArchive;
  }) => void;
  readonly arguments: (manager: string, name: string) => string[];
  /** The environment without what leads out of the trial, and with what decides about the guard. */
  readonly environment: (env: NodeJS.ProcessEnv, project: string) => NodeJS.ProcessEnv;
  readonly installed: (project: string, name: string) => boolean;
  /** Whether the guard says in the output that it refused the archive. */
  readonly isRefusal: (output: string, name: string) => boolean;
}
