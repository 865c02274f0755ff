/** What a trial's project has of the project that `verify` was called in. */
export interface Taken {
  /** Files to be written, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Files of the project that are linked to, by the name of the link. They are code, which finds what lies beside it. */
  readonly links: Readonly<Record<string, string>>;
  /** Why what happens in the trial says nothing of the project; undefined where it does. */
  readonly elsewhere?: string;
}

/** Where a project's settings are looked for. */
export interface Where {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** The package.json of a trial's project, to which a dependency is added. */
export function projectManifest(fields: object): string {
  return JSON.stringify({ name: 'tarwarden-verify', version: '1.0.0', private: true, ...fields });
}
