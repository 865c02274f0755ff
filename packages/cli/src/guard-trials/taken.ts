/** The parts of the user's project that a trial's project gets. */
export interface Taken {
  /** Files to write, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Files of the project that get a link, by the name of the link. They are code, which loads files beside it. */
  readonly links: Readonly<Record<string, string>>;
  /** The reason why a trial shows nothing about the user's project. Undefined if it does. */
  readonly elsewhere?: string;
}

/** The folder and the environment in which `verify` was called. */
export interface ProjectContext {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The package.json of a trial's project. A dependency is added to it. */
export function projectManifest(fields: object): string {
  return JSON.stringify({ name: 'tarwarden-verify', version: '1.0.0', private: true, ...fields });
}
