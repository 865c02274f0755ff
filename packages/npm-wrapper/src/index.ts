/** Runs the real npm with the guard preloaded. The guard itself is the built file `preload.cjs`. */
export { npmGuardEnvironment, type GuardEnvironment, type GuardOptions } from './environment.ts';
export { EXIT, SHIM_MARK } from '@tarwarden/guarded-run';
export { runNpm, type NpmTool } from './wrapper.ts';
