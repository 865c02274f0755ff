/** Runs the real npm with the guard preloaded. The guard itself is the built file `preload.cjs`. */
export { EXIT, SHIM_MARK } from '@tarwarden/guarded-run';
export { npmGuardEnvironment, runNpm, type NpmTool } from './wrapper.ts';
