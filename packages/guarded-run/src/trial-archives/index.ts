/**
 * Archives for trials, built from bytes, because no library writes an archive that has to be refused. They are not in the index of the package,
 * which every guarded client loads: they need node:zlib.
 */
export * from './canaries.ts';
export * from './canary-packages.ts';
export { canaryGem, cleanGem, gemFileName } from './gems.ts';
export * from './go-modules.ts';
export * from './links-out.ts';
export * from './packages.ts';
export type { TrialArchive } from './trial-archive.ts';
export { canaryWheel, cleanWheel, wheelModule } from './wheels.ts';
