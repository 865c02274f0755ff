/** Runs the real npm with the guard preloaded. The guard itself is the built file `preload.cjs`. */
export { guardEnvironment, type GuardEnvironment, type GuardOptions } from './environment.ts';
export { EXIT } from './exit-codes.ts';
export { SHIM_MARK, type NpmTool } from './real-npm.ts';
export { runNpm } from './wrapper.ts';
