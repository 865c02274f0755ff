import type { Format } from '@tarwarden/core';
import type { TrialArchive } from '@tarwarden/guarded-run/trial-archives';

/** The way in which a client installs one archive in a folder of its own. */
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
  /** The environment without settings that lead out of the trial. Variables that decide about the guard stay. */
  readonly environment: (env: NodeJS.ProcessEnv, project: string) => NodeJS.ProcessEnv;
  readonly installed: (project: string, name: string) => boolean;
  /** Whether the output shows that the guard refused the archive. */
  readonly isRefusal: (output: string, name: string) => boolean;
}
