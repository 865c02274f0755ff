import { NPM_STATUS, refuseToRun } from '@tarwarden/guarded-run';

/** Stops an npm in which the guard cannot stand. */
export function refuse(reason: string): never {
  refuseToRun('npm', NPM_STATUS, reason);
}
