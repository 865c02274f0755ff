/**
 * Archives for trials, built from bytes, because no library writes archives that must be refused. The index of the package leaves them
 * out: every guarded client loads it, and they need node:zlib.
 */
export { gemFileName, trialGem } from './gems.ts';
export * from './go-modules.ts';
export * from './packages.ts';
export { tar } from './tar.ts';
export type { TrialArchive, TrialKind } from './trial-archive.ts';
export { trialWheel, wheelModule } from './wheels.ts';
