/* What the hook says to `tarwarden pnpm`, which started pnpm and must know whether the hook was there. */
import { reportStatus, takeVariable } from '@tarwarden/core/host';

type StatusEvent =
  | { readonly event: 'armed'; readonly nonce: string; readonly pnpm: string }
  | { readonly event: 'blocked'; readonly subject: string };

const STATUS_FILE = 'TARWARDEN_PNPM_STATUS';
const STATUS_NONCE = 'TARWARDEN_PNPM_NONCE';

/** Taken as the hook is loaded: no script that pnpm starts later inherits it from this process. */
const nonce = takeVariable(process.env, STATUS_NONCE);

let armed = false;

/** To be called by a hook that can stop the install: that it was loaded proves nothing. */
export function reportArmed(pnpm: string): void {
  if (armed || nonce === '') return;
  armed = true;
  report({ event: 'armed', nonce, pnpm });
}

export function reportBlocked(subject: string): void {
  report({ event: 'blocked', subject });
}

function report(event: StatusEvent): void {
  reportStatus(process.env[STATUS_FILE], event);
}
