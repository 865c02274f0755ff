import { appendFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * An event that the guard reports to the wrapper of its package manager, as one line of JSON in a file that the wrapper made.
 *
 * Lifecycle scripts run as the same user and can write there too. So a line can only make the outcome stricter. The exception is
 * `armed`, which needs the nonce of the run: the guard removes the nonce from the environment before other code runs.
 */
export type StatusEvent =
  | {
      readonly event: 'armed';
      readonly nonce: string;
      /** The file of the guard, and that of the client, for a guard that a project loads. */
      readonly guard?: string;
      readonly client?: string;
    }
  | { readonly event: 'blocked'; readonly subject: string }
  | { readonly event: 'unsupported'; readonly reason: string };

/** The variables with which a guard finds its wrapper. */
export interface StatusChannel {
  readonly file: string;
  readonly nonce: string;
}

function channelOf(client: string): StatusChannel {
  return { file: `TARWARDEN_${client}_STATUS`, nonce: `TARWARDEN_${client}_NONCE` };
}

export const NPM_STATUS: StatusChannel = channelOf('NPM');
export const YARN_STATUS: StatusChannel = channelOf('YARN');
export const BUN_STATUS: StatusChannel = channelOf('BUN');
export const GO_STATUS: StatusChannel = channelOf('GO');
export const PNPM_STATUS: StatusChannel = channelOf('PNPM');

/** Set to `fetch` while Yarn is confined and has the network. Then its plugin refuses packages that programs make. */
export const YARN_CONFINED = 'TARWARDEN_YARN_CONFINED';

/** Removes the nonce from the environment, so that no child process inherits it. Empty if no wrapper started the manager. */
export function takeNonce(env: NodeJS.ProcessEnv, channel: StatusChannel): string {
  const nonce = env[channel.nonce] ?? '';
  delete env[channel.nonce];
  return nonce;
}

export function report(env: NodeJS.ProcessEnv, channel: StatusChannel, event: StatusEvent): void {
  const file = env[channel.file];
  if (!file) return;
  const line = `${JSON.stringify(event)}\n`;
  try {
    try {
      appendFileSync(file, line);
    } catch {
      // The disk may be full. The wrapper has reserved room.
      rmSync(join(dirname(file), 'reserve'), { force: true });
      appendFileSync(file, line);
    }
  } catch {
    // Without the line, the wrapper reports the run as unchecked.
  }
}

/** Names the part of a confined install that is running, because some guards act differently then. */
export const CONFINED_PHASE = 'TARWARDEN_CONFINED_PHASE';

export type ConfinedPhase =
  /** No code of packages may run. */
  | 'fetch'
  /** All scripts run, without the network and without access to secrets. */
  | 'scripts'
  /** Both at once. */
  | 'whole';

export function confinedPhase(env: NodeJS.ProcessEnv): ConfinedPhase | undefined {
  const phase = env[CONFINED_PHASE];
  return phase === 'fetch' || phase === 'scripts' || phase === 'whole' ? phase : undefined;
}
