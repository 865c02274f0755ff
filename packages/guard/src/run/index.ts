/** Runs a real client with its guard, and checks that the guard was loaded. */
export { guardChildren } from './children.ts';
export { endNow, EXIT, fail, refuseToRun } from './exit-codes.ts';
export {
  intercept,
  interceptAll,
  InterceptError,
  interception,
  type Interception,
} from './intercept.ts';
export { nameNodeFile, refuseNodeFile } from './node-files.ts';
export {
  preloadEnvironment,
  preloadsOf,
  requireOption,
  withPreload,
  type PreloadEnvironment,
} from './node-options.ts';
export { entriesOf, processName, sweep } from './process-name.ts';
export {
  findRealProgram,
  isShim,
  programsOnPath,
  SHIM_MARK,
  type Command,
  type Program,
} from './real-program.ts';
export {
  NO_COMPILED_CODE,
  reportsEveryRun,
  runGuarded,
  type Confine,
  type GuardedRun,
} from './run.ts';
export { runProgram } from './run-program.ts';
export { openStatus, outcome, type Demand, type RunOutcome } from './run-status.ts';
export {
  BUN_STATUS,
  CONFINED_PHASE,
  confinedPhase,
  GO_STATUS,
  NPM_STATUS,
  PNPM_STATUS,
  report,
  takeNonce,
  YARN_CONFINED,
  YARN_STATUS,
  type ConfinedPhase,
  type StatusChannel,
  type StatusEvent,
} from './status.ts';
export { makeTemporaryFolder, type TemporaryOptions } from './temporary-folder.ts';
