import { preloadEnvironment, type PreloadEnvironment } from '@tarwarden/guarded-run';

export interface GuardFiles {
  /** Absolute path of the built `preload.cjs` of this package. */
  readonly preloadPath: string;
  /** That of `npm-wrapper`, for an npm in a script. */
  readonly npmPreloadPath: string;
}

/** Variables that guard every Yarn 1 and npm started below them. The user's own values are kept, behind the guards'. */
export function yarnClassicGuardEnvironment(
  env: NodeJS.ProcessEnv,
  { preloadPath, npmPreloadPath }: GuardFiles,
): PreloadEnvironment {
  return preloadEnvironment(env, preloadPath, npmPreloadPath);
}
