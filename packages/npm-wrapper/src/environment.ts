import { preloadEnvironment, type PreloadEnvironment } from '@tarwarden/guarded-run';

export interface GuardOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Absolute path of the built `preload.cjs`. */
  readonly preloadPath: string;
}

/** Variables that guard every npm started below them. Values are unquoted: quote them for a shell. */
export type GuardEnvironment = PreloadEnvironment;

/** The variables keep the user's own values, after the guard's. */
export function npmGuardEnvironment({ env, preloadPath }: GuardOptions): GuardEnvironment {
  return preloadEnvironment(env, preloadPath);
}
