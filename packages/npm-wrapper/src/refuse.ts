import { NPM_STATUS, refuseToRun } from '@tarwarden/guard/run';

/** Ends an npm that cannot be guarded. */
export function refuse(reason: string): never {
  refuseToRun('npm', NPM_STATUS, reason);
}
