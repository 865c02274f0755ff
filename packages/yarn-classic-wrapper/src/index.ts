/** Guards Yarn 1. The guard itself is the built file `preload.cjs`. */
export { copyOfMain, type YarnCopy } from './copies.ts';
export { yarnClassicGuardEnvironment, type GuardFiles } from './environment.ts';
export { KNOWN } from './known.ts';
