import { reportStatus, takeVariable } from '@tarwarden/core/host';

/**
 * What the guard tells the wrapper that started npm, one JSON line each, in a file that the wrapper made.
 *
 * Lifecycle scripts run as the same user and can write there too. So the wrapper lets a line only make
 * the outcome stricter, except for `armed`, which counts only with the nonce of its run: the guard takes
 * the nonce out of the environment before npm can start anything.
 */
export type StatusEvent =
  | { readonly event: 'armed'; readonly nonce: string; readonly npm: string }
  | { readonly event: 'blocked'; readonly subject: string }
  | { readonly event: 'unsupported'; readonly reason: string };

export const STATUS_FILE = 'TARWARDEN_NPM_STATUS';
export const STATUS_NONCE = 'TARWARDEN_NPM_NONCE';

/** Takes the nonce, so that no child process inherits it. Empty where no wrapper started npm. */
export function takeNonce(env: NodeJS.ProcessEnv): string {
  return takeVariable(env, STATUS_NONCE);
}

export function report(env: NodeJS.ProcessEnv, event: StatusEvent): void {
  reportStatus(env[STATUS_FILE], event);
}
