/** Guards Yarn 1. The guard itself is the built file `preload.cjs`. */
import { preloadEnvironment, type PreloadEnvironment } from '@tarwarden/guarded-run';

export { copyOfMain, type YarnCopy } from './copies.ts';
export { KNOWN } from './known.ts';

export interface GuardFiles {
  /** Absolute path of the built `preload.cjs` of this package. */
  readonly preloadPath: string;
  /** Absolute path of the built `preload.cjs` of `npm-wrapper`, for an npm that a script starts. */
  readonly npmPreloadPath: string;
}

/** Variables that guard every Yarn 1 and npm started below them. They keep the user's own values, after the guards'. */
export function yarnClassicGuardEnvironment(
  env: NodeJS.ProcessEnv,
  { preloadPath, npmPreloadPath }: GuardFiles,
): PreloadEnvironment {
  return preloadEnvironment(env, preloadPath, npmPreloadPath);
}
